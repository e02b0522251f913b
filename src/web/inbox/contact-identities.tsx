import { useQuery } from "@tanstack/react-query";
import type { Contact } from "../../domain/chat.ts";
import type { ContactDetails, ContactIdentity } from "../../domain/contact.ts";
import { formatDate, formatPhone } from "../models/format.ts";
import { useServices } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import styles from "./contact-identities.module.css";

/** All that a contact is and was known by, and since when. */
export function ContactIdentities({ contact }: { contact: Contact }) {
  const { api } = useServices();
  const { language, strings } = useLanguage();
  const { data } = useQuery({
    // Each of these is an identity that may just have come.
    queryKey: ["contact", contact.id, contact.phone, contact.userId],
    queryFn: () => api.request<ContactDetails>(`/contacts/${contact.id}`),
  });
  if (!data || data.identities.length === 0) return null;
  const texts = strings.details;
  const day = (at: string) => formatDate(at, language);
  const span = ({ createdAt, endedAt }: ContactIdentity) =>
    endedAt === null ? texts.since(day(createdAt)) : texts.between(day(createdAt), day(endedAt));
  return (
    <section className={styles.section} aria-label={texts.known}>
      <h3 className={styles.heading}>{texts.known}</h3>
      <ul className={styles.list}>
        {data.identities.map((identity) => (
          <li key={`${identity.kind} ${identity.value} ${identity.createdAt}`}>
            <p className={identity.isCurrent ? styles.value : styles.past}>{shown(identity)}</p>
            <p className={styles.hint}>
              {texts.identities[identity.kind] ?? identity.kind}, {span(identity)}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function shown({ kind, value }: ContactIdentity): string {
  return kind === "phone" || kind === "dialled" ? formatPhone(value) : value;
}
