import { useEffect } from "react";
import { useLocation, useSearchParams } from "wouter";
import { Button } from "../parts/button.tsx";
import { useSignIn } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { ConnectStepSubscribe } from "./connect-step-subscribe.tsx";
import { ConnectStepTry } from "./connect-step-try.tsx";
import { ConnectStepValues } from "./connect-step-values.tsx";
import { ConnectStepWebhook } from "./connect-step-webhook.tsx";
import styles from "./numbers.module.css";
import { AskAdmin } from "./numbers-page.tsx";
import settings from "./settings.module.css";

/**
 * `/settings/numbers/new`: connects a number step by step. The number and the step are in the address, so that a reload goes on
 * where it was and each step can be run again.
 */
export default function ConnectPage() {
  const strings = useStrings();
  const { session } = useSignIn();
  const [query] = useSearchParams();
  const [, navigate] = useLocation();
  const phoneId = /^\d{1,10}$/.test(query.get("phone") ?? "") ? Number(query.get("phone")) : null;
  const { steps } = strings.numbers;
  const asked = Number(query.get("step") ?? 1);
  const step = phoneId !== null && asked >= 2 && asked <= steps.length ? asked : 1;
  useEffect(() => {
    document.title = `${strings.numbers.add} · ${strings.app.name}`;
  }, [strings]);
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
                disabled={phoneId === null || i === 0}
                onClick={() => phoneId !== null && go(phoneId, i + 1)}
              >
                <span className={styles.stepNumber}>{i + 1}</span>
                {title}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <section className={settings.section} aria-live="polite">
        {step === 1 && <ConnectStepValues onConnected={(id) => go(id, 2)} />}
        {phoneId !== null && step === 2 && (
          <ConnectStepWebhook phoneId={phoneId} onDone={() => go(phoneId, 3)} />
        )}
        {phoneId !== null && step === 3 && (
          <ConnectStepSubscribe phoneId={phoneId} onDone={() => go(phoneId, 4)} />
        )}
        {phoneId !== null && step === 4 && <ConnectStepTry phoneId={phoneId} onDone={() => go(phoneId, 5)} />}
        {step === 5 && (
          <>
            <h2 className={settings.heading}>{strings.numbers.doneTitle}</h2>
            <p>{strings.numbers.doneLead}</p>
            <div className={styles.actions}>
              <Button look="primary" icon="inbox" onClick={() => navigate("/inbox")}>
                {strings.app.toInbox}
              </Button>
              <Button onClick={() => navigate("/settings/numbers")}>{strings.numbers.title}</Button>
            </div>
          </>
        )}
      </section>
    </div>
  );
}
