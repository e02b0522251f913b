import type { ContactCard } from "../../domain/message-content.ts";
import { countOf, idOf, objectOf, objectsOf, shortTextOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { parseVcard } from "./vcard.ts";

const MOST_OF_A_KIND = 30;

/** The content of the type `contacts`, which is a list. */
export function parseContacts(list: unknown): { type: "contacts"; contacts: ContactCard[]; count: number } {
  return { type: "contacts", contacts: objectsOf(list).map(parseCard), count: countOf(list) };
}

/** A card may bring no more than a vCard; where it has both, its own fields count. */
function parseCard(card: JsonObject): ContactCard {
  const { org } = card;
  const within = parseVcard(card.vcard);
  const phones = objectsOf(card.phones, MOST_OF_A_KIND).map(({ phone, wa_id, type }) => ({
    phone: shortTextOf(phone),
    whatsapp: idOf(wa_id),
    type: shortTextOf(type),
  }));
  const emails = objectsOf(card.emails, MOST_OF_A_KIND).map(({ email, type }) => ({
    email: shortTextOf(email),
    type: shortTextOf(type),
  }));
  return {
    name: personOf(objectOf(card.name)) ?? within.name,
    phones: phones.length > 0 ? phones : within.phones,
    emails: emails.length > 0 ? emails : within.emails,
    addresses: objectsOf(card.addresses, MOST_OF_A_KIND).map(parseAddress),
    urls: objectsOf(card.urls, MOST_OF_A_KIND).map(({ url, type }) => ({
      url: shortTextOf(url),
      type: shortTextOf(type),
    })),
    organization: isObject(org)
      ? {
          company: shortTextOf(org.company),
          department: shortTextOf(org.department),
          title: shortTextOf(org.title),
        }
      : within.organization,
    birthday: shortTextOf(card.birthday),
    origin: shortTextOf(card.origin),
    vcard: shortTextOf(card.vcard),
  };
}

function personOf({ formatted_name, first_name, middle_name, last_name }: JsonObject): string | null {
  const parts = [first_name, middle_name, last_name].map(shortTextOf).filter((part) => part !== null);
  return shortTextOf(formatted_name) ?? shortTextOf(parts.join(" "));
}

function parseAddress({ street, city, state, zip, country, country_code, type }: JsonObject) {
  return {
    street: shortTextOf(street),
    city: shortTextOf(city),
    state: shortTextOf(state),
    zip: shortTextOf(zip),
    country: shortTextOf(country) ?? shortTextOf(country_code),
    type: shortTextOf(type),
  };
}

/** Who it is and how to reach them: the name or the company, then the phones, or without any the first other way. */
export function cardText({ name, organization, phones, emails, urls, addresses }: ContactCard): string {
  const who = name ?? organization?.company ?? organization?.title;
  const numbers = phones.map(({ phone, whatsapp }) => phone ?? whatsapp).filter(Boolean);
  const [address] = addresses.map(({ street, city, state, zip, country }) =>
    [street, city, state, zip, country].filter(Boolean).join(", "),
  );
  const others = [...emails.map(({ email }) => email), ...urls.map(({ url }) => url), address].filter(
    Boolean,
  );
  return [who, ...(numbers.length > 0 ? numbers : others.slice(0, 1))].filter(Boolean).join(", ");
}
