import { useQuery } from "@tanstack/react-query";
import { useLocation, useSearchParams } from "wouter";
import { useSignIn } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useTitle } from "../parts/use-title.ts";
import { ConnectStepDone } from "./connect-step-done.tsx";
import { ConnectStepStart } from "./connect-step-start.tsx";
import { ConnectStepTry } from "./connect-step-try.tsx";
import { ConnectStepValues } from "./connect-step-values.tsx";
import { ConnectStepWebhook } from "./connect-step-webhook.tsx";
import { FailureNotice } from "./failure-notice.tsx";
import styles from "./numbers.module.css";
import { AskAdmin } from "./numbers-page.tsx";
import { usePhoneApi } from "./phone-api.ts";
import settings from "./settings.module.css";
import { useNumbersStrings } from "./use-numbers-strings.ts";

/**
 * `/settings/numbers/new`: connects a number step by step. The number and the step are in the address, so that a reload goes on
 * where it was and each step can be run again.
 */
export default function ConnectPage() {
  const strings = useNumbersStrings();
  const { session } = useSignIn();
  const [query] = useSearchParams();
  const [, navigate] = useLocation();
  const phoneId = /^\d{1,10}$/.test(query.get("phone") ?? "") ? Number(query.get("phone")) : null;
  const { steps } = strings.numbers;
  const asked = Number(query.get("step") ?? 1);
  const step = phoneId !== null && asked >= 1 && asked <= steps.length ? asked : 1;
  useTitle(`${strings.numbers.add} · ${strings.app.name}`);
  if (session?.role === "agent") return <AskAdmin />;

  const go = (id: number, next: number) => navigate(`/settings/numbers/new?phone=${id}&step=${next}`);
  return (
    <div className={settings.page}>
      <h1 className={settings.title}>{strings.numbers.add}</h1>
      <nav aria-label={strings.numbers.step(step, steps.length)}>
        <ol className={styles.steps}>
          {steps.map((title, i) => (
            <li key={title}>
              <button
                type="button"
                className={styles.stepButton}
                aria-current={i + 1 === step ? "step" : undefined}
                disabled={phoneId === null}
                onClick={() => phoneId !== null && go(phoneId, i + 1)}
              >
                <span className={styles.stepNumber}>{i + 1}</span>
                <span className={styles.stepTitle}>{title}</span>
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <section className={settings.section} aria-live="polite">
        {phoneId === null && <ConnectStepValues phone={null} onSaved={(id) => go(id, 2)} />}
        {phoneId !== null && step === 1 && <StoredValues phoneId={phoneId} onSaved={() => go(phoneId, 2)} />}
        {phoneId !== null && step === 2 && (
          <ConnectStepWebhook phoneId={phoneId} onDone={() => go(phoneId, 3)} />
        )}
        {phoneId !== null && step === 3 && (
          <ConnectStepStart phoneId={phoneId} onDone={() => go(phoneId, 4)} />
        )}
        {phoneId !== null && step === 4 && <ConnectStepTry phoneId={phoneId} onDone={() => go(phoneId, 5)} />}
        {phoneId !== null && step === 5 && <ConnectStepDone phoneId={phoneId} />}
      </section>
    </div>
  );
}

/** The first step again, for a number that is stored. */
function StoredValues({ phoneId, onSaved }: { phoneId: number; onSaved(): void }) {
  const strings = useStrings();
  const phones = usePhoneApi();
  const { data: phone, error } = useQuery({
    queryKey: ["phone", phoneId, phones.language],
    queryFn: () => phones.read(phoneId),
    // A form that is being filled in is not filled anew.
    refetchOnWindowFocus: false,
  });
  if (phone) return <ConnectStepValues phone={phone} onSaved={onSaved} />;
  return error ? <FailureNotice error={error} /> : <p role="status">{strings.app.loading}</p>;
}
