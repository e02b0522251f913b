import { type ReactNode, useState } from "react";
import type { Message } from "../../domain/message.ts";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./message-bubble.module.css";

/** Reasons that only a template gets around: sending the same again would fail again. */
const NEEDS_TEMPLATE = /window|reengage|not_written/;

/** Why a message did not arrive, or not yet, in the thread itself, and what can be done: send it again, leave it, or choose a template. */
export function MessageFailure({ message, onTemplate }: { message: Message; onTemplate(): void }) {
  const { api } = useServices();
  const strings = useStrings();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { id, status, messageStatus, error } = message;
  const decide = async (what: "resend" | "discard") => {
    setBusy(true);
    setRefusal(null);
    try {
      const headers = { "idempotency-key": crypto.randomUUID(), prefer: "respond-async" };
      await api.request(`/messages/${id}/${what}`, { method: "POST", ...(what === "resend" && { headers }) });
    } catch (failure) {
      setRefusal(failure instanceof Error ? failure.message : strings.app.failed);
    } finally {
      setBusy(false);
    }
  };
  if (status === "unknown") return <Row tone="info">{strings.inbox.unknown}</Row>;
  if (status === "accepted" && messageStatus === "held_for_quality_assessment")
    return <Row tone="info">{strings.inbox.held}</Row>;
  if (status === "accepted" && messageStatus === "paused")
    return <Row tone="info">{strings.inbox.paused}</Row>;
  if (status !== "failed" && status !== "unconfirmed") return null;
  const isSettled = error?.code === "resent" || error?.code === "discarded";
  const isUnconfirmed = status === "unconfirmed";
  const needsTemplate = NEEDS_TEMPLATE.test(error?.code ?? "");
  return (
    <Row tone={isUnconfirmed ? "warning" : "danger"}>
      <p>
        <strong>{isUnconfirmed ? strings.inbox.unconfirmed : (error?.title ?? strings.inbox.failed)}</strong>
        {". "}
        {isUnconfirmed && !isSettled ? strings.inbox.unconfirmedHint : error?.advice}
      </p>
      {refusal && <p role="alert">{refusal}</p>}
      {!isSettled && (
        <div className={styles.failureActions}>
          {needsTemplate ? (
            <Button icon="template" onClick={onTemplate}>
              {strings.inbox.chooseTemplate}
            </Button>
          ) : (
            <Button icon="refresh" isBusy={isBusy} onClick={() => void decide("resend")}>
              {strings.inbox.sendAgain}
            </Button>
          )}
          {isUnconfirmed && (
            <Button look="quiet" disabled={isBusy} onClick={() => void decide("discard")}>
              {strings.inbox.leaveIt}
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
