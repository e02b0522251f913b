import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { verificationQuery } from "../../whatsapp/verification-query.ts";
import { Button, IconButton } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { CheckList } from "./check-list.tsx";
import styles from "./numbers.module.css";
import { usePhoneApi } from "./phone-api.ts";
import settings from "./settings.module.css";

const POLL_MS = 3_000;

/** The callback address and the verify token to copy. Turns green by itself once Meta delivers here. */
export function ConnectStepWebhook({ phoneId, onDone }: { phoneId: number; onDone(): void }) {
  const strings = useStrings();
  const phones = usePhoneApi();
  const { data: phone } = useQuery({
    queryKey: ["phone", phoneId, phones.language],
    queryFn: () => phones.read(phoneId),
  });
  const token = phone?.wabaVerifyToken ?? null;
  const { data: answers } = useQuery({
    queryKey: ["handshake", phoneId, token],
    queryFn: () => answersHandshake(token ?? ""),
    enabled: token !== null,
  });
  const { data: report } = useQuery({
    queryKey: ["webhook-check", phoneId, phones.language],
    queryFn: () => phones.check(phoneId, { only: ["C11"] }),
    refetchInterval: ({ state }) => (isDone(state.data?.checks) ? false : POLL_MS),
  });
  const found = report?.checks.filter(({ id }) => id === "C11") ?? [];
  return (
    <>
      <h2 className={settings.heading}>{strings.numbers.webhookTitle}</h2>
      <p className={settings.hint}>{strings.numbers.webhookLead}</p>
      <Copyable label={strings.numbers.callbackUrl} text={phone?.callbackUrl ?? ""} />
      {token !== null ? (
        <Copyable label={strings.numbers.verifyToken} text={token} />
      ) : (
        <p className={settings.hint}>
          {strings.numbers.verifyToken}: {strings.numbers.ownVerifyToken}
        </p>
      )}
      {answers !== undefined && (
        <Notice tone={answers ? "positive" : "danger"}>
          {answers ? strings.numbers.answersHere : strings.numbers.answersNot}
        </Notice>
      )}
      {isDone(report?.checks) ? (
        <Notice tone="positive" role="status">
          {strings.numbers.webhookDone}
        </Notice>
      ) : (
        <>
          <p role="status">{strings.numbers.waitingForMeta}</p>
          <CheckList checks={found} />
        </>
      )}
      <div className={styles.actions}>
        <Button look="primary" onClick={onDone}>
          {strings.numbers.next}
        </Button>
      </div>
    </>
  );
}

function isDone(checks: { id: string; status: string }[] | undefined): boolean {
  const found = checks?.find(({ id }) => id === "C11");
  return found?.status === "pass";
}

/** Asks as Meta does when one presses "Verify and save". */
async function answersHandshake(token: string): Promise<boolean> {
  const challenge = String(Math.floor(Math.random() * 1e9));
  const query = verificationQuery(token, challenge);
  const response = await fetch(`/api/waba/webhook?${query}`);
  return response.ok && (await response.text()) === challenge;
}

function Copyable({ label, text }: { label: string; text: string }) {
  const strings = useStrings();
  const [isCopied, setCopied] = useState(false);
  return (
    <div className={styles.field}>
      <p className={settings.legend}>{label}</p>
      <div className={styles.copy}>
        <code>{text}</code>
        <span className={settings.hint} role="status">
          {isCopied && strings.numbers.copied}
        </span>
        <IconButton
          icon="copy"
          label={strings.numbers.copy(label)}
          onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
        />
      </div>
    </div>
  );
}
