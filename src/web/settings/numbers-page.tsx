import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { useSignIn } from "../parts/services.tsx";
import { useTitle } from "../parts/use-title.ts";
import { FailureNotice } from "./failure-notice.tsx";
import styles from "./numbers.module.css";
import { usePhoneApi } from "./phone-api.ts";
import { PhoneCard } from "./phone-card.tsx";
import settings from "./settings.module.css";
import { useNumbersStrings } from "./use-numbers-strings.ts";

/** `/settings/numbers`: each number with its health. For admins. */
export default function NumbersPage() {
  const strings = useNumbersStrings();
  const { session } = useSignIn();
  const [, navigate] = useLocation();
  const phones = usePhoneApi();
  const { data, error, refetch } = useQuery({
    queryKey: ["phones", phones.language],
    queryFn: phones.list,
    enabled: session?.role !== "agent",
  });
  useTitle(`${strings.numbers.title} · ${strings.app.name}`);
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
      <FailureNotice error={error} />
      {error && (
        <div>
          <Button icon="refresh" onClick={() => void refetch()}>
            {strings.app.retry}
          </Button>
        </div>
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
  const strings = useNumbersStrings();
  return <EmptyState icon="lock" title={strings.numbers.askAdmin} hint={strings.numbers.askAdminHint} />;
}
