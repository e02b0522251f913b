import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button, IconButton } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { CheckList } from "./check-list.tsx";
import styles from "./numbers.module.css";
import { checkFromOutside } from "./outside-checks.ts";
import { usePhoneApi } from "./phone-api.ts";
import settings from "./settings.module.css";
import { useNumbersStrings } from "./use-numbers-strings.ts";

const POLL_MS = 3_000;
const WAIT_SECONDS = 600;

/** The callback address and the verify token to copy. Turns green once Meta delivers here. */
export function ConnectStepWebhook({ phoneId, onDone }: { phoneId: number; onDone(): void }) {
  const strings = useNumbersStrings();
  const phones = usePhoneApi();
  const [since] = useState(() => new Date().toISOString());
  const { data: phone } = useQuery({
    queryKey: ["phone", phoneId, phones.language],
    queryFn: () => phones.read(phoneId),
  });
  const token = phone?.wabaVerifyToken ?? null;
  const { data: outside = [] } = useQuery({
    queryKey: ["outside-checks", phoneId, token, phones.language],
    queryFn: () => checkFromOutside(token, phones.language),
    enabled: phone !== undefined,
  });
  const { data: report } = useQuery({
    queryKey: ["webhook-check", phoneId, since, phones.language],
    // C13 reports when somebody presses "Test" at Meta.
    queryFn: () => phones.check(phoneId, { only: ["C11", "C13"], wait: { since, seconds: WAIT_SECONDS } }),
    refetchInterval: ({ state }) => (statusOfC11(state.data?.checks) === "pass" ? false : POLL_MS),
  });
  const wrong = [...outside, ...(report?.checks ?? [])].filter(
    ({ id, status }) => id !== "C13" && (status === "fail" || status === "warn"),
  );
  const isAnswering = outside.length > 0 && outside.every(({ status }) => status === "pass");
  const state = statusOfC11(report?.checks);
  // A warning is only about other useful fields.
  const isDelivering = state === "pass" || state === "warn";
  const hasTestEvent = report?.checks.some(({ code }) => code === "inbound_test_event");
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
      {isAnswering && <Notice tone="positive">{strings.numbers.answersHere}</Notice>}
      {hasTestEvent && (
        <Notice tone="positive" role="status">
          {strings.numbers.testEventCame}
        </Notice>
      )}
      {isDelivering ? (
        <Notice tone="positive" role="status">
          {strings.numbers.webhookDone}
        </Notice>
      ) : (
        <p role="status">{strings.numbers.waitingForMeta}</p>
      )}
      <CheckList checks={wrong} />
      <div className={styles.actions}>
        <Button look="primary" onClick={onDone}>
          {strings.numbers.next}
        </Button>
      </div>
    </>
  );
}

function statusOfC11(checks: { id: string; status: string }[] | undefined): string | undefined {
  return checks?.find(({ id }) => id === "C11")?.status;
}

function Copyable({ label, text }: { label: string; text: string }) {
  const strings = useNumbersStrings();
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
