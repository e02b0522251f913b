import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLocation } from "wouter";
import type { PhoneList } from "../../http/contract.ts";
import { formatPhone } from "../models/format.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Notice } from "../parts/notice.tsx";
import { useSignIn } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { CheckList } from "./check-list.tsx";
import styles from "./numbers.module.css";
import { usePhoneApi } from "./phone-api.ts";
import settings from "./settings.module.css";

/** `/settings/numbers`: each number with its health. For admins. */
export default function NumbersPage() {
  const strings = useStrings();
  const { session } = useSignIn();
  const [, navigate] = useLocation();
  const phones = usePhoneApi();
  const { data, error, refetch } = useQuery({
    queryKey: ["phones", phones.language],
    queryFn: phones.list,
    enabled: session?.role !== "agent",
  });
  useEffect(() => {
    document.title = `${strings.numbers.title} · ${strings.app.name}`;
  }, [strings]);
  if (session?.role === "agent") return <AskAdmin />;
  return (
    <div className={settings.page}>
      <header className={styles.header}>
        <div>
          <h1 className={settings.title}>{strings.numbers.title}</h1>
          <p className={settings.hint}>{strings.numbers.lead}</p>
        </div>
        <Button look="primary" icon="plus" onClick={() => navigate("/settings/numbers/new")}>
          {strings.numbers.add}
        </Button>
      </header>
      {error && (
        <Notice tone="danger" role="alert">
          {error.message}
          <Button icon="refresh" onClick={() => void refetch()}>
            {strings.app.retry}
          </Button>
        </Notice>
      )}
      {data?.data.map((phone) => (
        <PhoneCard key={phone.id} phone={phone} />
      ))}
      {data?.data.length === 0 && (
        <EmptyState icon="phone" title={strings.numbers.empty} hint={strings.numbers.emptyHint} />
      )}
    </div>
  );
}

export function AskAdmin() {
  const strings = useStrings();
  return <EmptyState icon="lock" title={strings.numbers.askAdmin} hint={strings.numbers.askAdminHint} />;
}

function PhoneCard({ phone }: { phone: PhoneList["data"][number] }) {
  const strings = useStrings();
  const [, navigate] = useLocation();
  const phones = usePhoneApi();
  const queries = useQueryClient();
  const { id, connection } = phone;
  const key = ["phone", id, phones.language];
  const { data } = useQuery({ queryKey: key, queryFn: () => phones.read(id) });
  const check = useMutation({
    mutationFn: () => phones.check(id, {}),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: key }),
        queries.invalidateQueries({ queryKey: ["phones"] }),
      ]),
  });
  const checks = data?.checks ?? [];
  const wrong = checks.filter(({ status }) => status === "fail" || status === "warn");
  const health = data?.checkStatus ?? phone.checkStatus ?? "skip";
  const checkedAt = data?.checkedAt ?? phone.checkedAt;
  const moment = (at: string) =>
    new Intl.DateTimeFormat(phones.language, { dateStyle: "medium", timeStyle: "short" }).format(
      new Date(at),
    );
  return (
    <section className={settings.section} aria-label={phone.name}>
      <header className={styles.header}>
        <div>
          <h2 className={settings.heading}>{phone.name}</h2>
          <p className={settings.hint}>
            {[formatPhone(phone.phoneNumber), phone.verifiedName].filter(Boolean).join(" · ")}
          </p>
        </div>
        <span className={`${styles.badge} ${styles[connection === "connected" ? health : "fail"]}`}>
          {connection === "connected" ? strings.numbers.health[health] : strings.numbers.disconnected}
        </span>
      </header>
      {checks.length > 0 && wrong.length === 0 && <p>{strings.numbers.allPassed}</p>}
      <CheckList checks={wrong} />
      {checks.length > 0 && (
        <details className={styles.all}>
          <summary>{strings.numbers.showAll}</summary>
          <CheckList checks={checks} />
        </details>
      )}
      {check.error && (
        <Notice tone="danger" role="alert">
          {check.error.message}
        </Notice>
      )}
      <footer className={styles.actions}>
        <Button icon="refresh" isBusy={check.isPending} onClick={() => check.mutate()}>
          {strings.numbers.checkNow}
        </Button>
        <Button look="quiet" onClick={() => navigate(`/settings/numbers/new?phone=${id}&step=2`)}>
          {strings.numbers.openSetup}
        </Button>
        <span className={settings.hint}>
          {checkedAt ? strings.numbers.checkedAt(moment(checkedAt)) : strings.numbers.neverChecked}
        </span>
      </footer>
    </section>
  );
}
