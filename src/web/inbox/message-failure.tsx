import { type ReactNode, useState } from "react";
import type { Message } from "../../domain/message.ts";
import { failureActions, failureTexts } from "../models/failure.ts";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useServices } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import styles from "./message-bubble.module.css";

/** Why a message did not arrive, or not yet, in the thread itself, and what can be done about it. */
export function MessageFailure({ message, onTemplate }: { message: Message; onTemplate(): void }) {
  const { api } = useServices();
  const { language, strings } = useLanguage();
  const refusalOf = useRefusalText();
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { id, status, messageStatus, error } = message;
  const texts = strings.inbox;
  const decide = async (what: "resend" | "discard") => {
    setBusy(true);
    setAsking(false);
    setRefusal(null);
    try {
      const headers = { "idempotency-key": crypto.randomUUID(), prefer: "respond-async" };
      await api.request(`/messages/${id}/${what}`, { method: "POST", ...(what === "resend" && { headers }) });
    } catch (failure) {
      setRefusal(refusalOf(failure));
    } finally {
      setBusy(false);
    }
  };
  if (status === "unknown") return <Row tone="info">{texts.unknown}</Row>;
  if (status === "accepted" && messageStatus === "held_for_quality_assessment")
    return <Row tone="info">{texts.held}</Row>;
  if (status === "accepted" && messageStatus === "paused") return <Row tone="info">{texts.paused}</Row>;
  if (status !== "failed" && status !== "unconfirmed") return null;
  const isUnconfirmed = status === "unconfirmed";
  const actions = failureActions(message);
  const { title, advice } = error ? failureTexts(error, language) : { title: texts.failed, advice: "" };
  return (
    <Row tone={isUnconfirmed ? "warning" : "danger"}>
      <p>
        <strong>{isUnconfirmed ? texts.unconfirmed : title}</strong>
        {". "}
        {isUnconfirmed && actions.length > 0 ? texts.unconfirmedHint : advice}
      </p>
      {refusal && <p role="alert">{refusal}</p>}
      {isAsking && <p role="alert">{texts.mayArriveTwice}</p>}
      {actions.length > 0 && (
        <div className={styles.failureActions}>
          {actions.includes("template") && (
            <Button icon="template" onClick={onTemplate}>
              {texts.chooseTemplate}
            </Button>
          )}
          {actions.includes("resend") && (
            <Button
              icon="refresh"
              isBusy={isBusy}
              // The customer may have it already: one click must not send it twice.
              onClick={() => (isUnconfirmed && !isAsking ? setAsking(true) : void decide("resend"))}
            >
              {isAsking ? texts.sendAnyway : texts.sendAgain}
            </Button>
          )}
          {actions.includes("discard") && (
            <Button look="quiet" disabled={isBusy} onClick={() => void decide("discard")}>
              {texts.leaveIt}
            </Button>
          )}
        </div>
      )}
    </Row>
  );
}

function Row({ tone, children }: { tone: "info" | "warning" | "danger"; children: ReactNode }) {
  return (
    <div className={styles.failure}>
      <Notice tone={tone}>{children}</Notice>
    </div>
  );
}
