import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { encode } from "uqr";
import type { Chat } from "../../domain/chat.ts";
import type { Check } from "../../http/contract.ts";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useServices } from "../parts/services.tsx";
import { CheckFixes } from "./check-fixes.tsx";
import { CheckList } from "./check-list.tsx";
import { FailureNotice } from "./failure-notice.tsx";
import styles from "./numbers.module.css";
import { usePhoneApi } from "./phone-api.ts";
import settings from "./settings.module.css";
import { useNumbersStrings } from "./use-numbers-strings.ts";

const POLL_MS = 2_000;
/** After the wait Meta is asked each time what is wrong. */
const SLOW_POLL_MS = 15_000;
/** After that it says what may be wrong, and goes on waiting. */
const WAIT_SECONDS = 120;

/** A message of the operator's own phone comes in, and an answer goes out. */
export function ConnectStepTry({ phoneId, onDone }: { phoneId: number; onDone(): void }) {
  const strings = useNumbersStrings();
  const { api } = useServices();
  const phones = usePhoneApi();
  const [since] = useState(() => new Date().toISOString());
  const { data: phone } = useQuery({
    queryKey: ["phone", phoneId, phones.language],
    queryFn: () => phones.read(phoneId),
  });
  const inbound = useQuery({
    queryKey: ["inbound-check", phoneId, since, phones.language],
    queryFn: () => phones.check(phoneId, { only: ["C13"], wait: { since, seconds: WAIT_SECONDS } }),
    refetchInterval: ({ state }) => pauseAfter(state.data?.checks ?? []),
  });
  const isIn = statusOf(inbound.data?.checks, "C13") === "pass";
  const answer = useMutation({
    mutationFn: async () => {
      const query = `/chats?organizationPhoneId=${phoneId}&limit=1`;
      const [chat] = (await api.request<{ data: Chat[] }>(query)).data;
      const json = {
        organizationPhoneId: phoneId,
        chatId: chat?.id,
        type: "text",
        message: strings.numbers.answerText,
      };
      const headers = { "idempotency-key": crypto.randomUUID() };
      return await api.request<{ id: number }>("/send", { method: "POST", json, headers });
    },
  });
  const messageId = answer.data?.id;
  const outbound = useQuery({
    queryKey: ["outbound-check", phoneId, messageId, phones.language],
    queryFn: () => phones.check(phoneId, { only: ["C14"], ...(messageId !== undefined && { messageId }) }),
    enabled: messageId !== undefined,
    refetchInterval: ({ state }) => (statusOf(state.data?.checks, "C14") === "pass" ? false : POLL_MS),
  });
  const isOut = statusOf(outbound.data?.checks, "C14") === "pass";
  const link = phone ? `https://wa.me/${phone.phoneNumber}` : "";
  const wrong = (checks: typeof inbound.data) =>
    checks?.checks.filter(({ status }) => status === "fail") ?? [];
  const hasTestEvent = inbound.data?.checks.some(
    ({ code, status }) => code === "inbound_test_event" && status === "skip",
  );
  const fixes = (check: Check) => <CheckFixes check={check} phoneId={phoneId} onFixed={() => undefined} />;
  return (
    <>
      <h2 className={settings.heading}>{strings.numbers.tryTitle}</h2>
      <p className={settings.hint}>{strings.numbers.tryLead}</p>
      {link !== "" && (
        <div className={styles.qr}>
          <QrCode text={link} label={strings.numbers.qr} />
          <a href={link} target="_blank" rel="noopener noreferrer">
            {strings.numbers.openLink}
          </a>
        </div>
      )}
      {isIn ? (
        <Notice tone="positive" role="status">
          {strings.numbers.messageIn}
        </Notice>
      ) : (
        <p role="status">{strings.numbers.waitingForMessage}</p>
      )}
      {hasTestEvent && <Notice tone="positive">{strings.numbers.testEventCame}</Notice>}
      <CheckList checks={wrong(inbound.data)} actions={fixes} />
      {isIn && messageId !== undefined && !isOut && <p role="status">{strings.numbers.waitingForAnswer}</p>}
      <CheckList checks={wrong(outbound.data)} actions={fixes} />
      {isOut && (
        <Notice tone="positive" role="status">
          {strings.numbers.messageOut}
        </Notice>
      )}
      <FailureNotice error={answer.error} />
      <div className={styles.actions}>
        {isIn && !isOut && (
          <Button look="primary" icon="send" isBusy={answer.isPending} onClick={() => answer.mutate()}>
            {strings.numbers.answer}
          </Button>
        )}
        <Button look={isOut ? "primary" : "secondary"} onClick={onDone}>
          {strings.numbers.next}
        </Button>
      </div>
    </>
  );
}

/** How long to wait before asking again. */
function pauseAfter(checks: { id: string; status: string }[]): number | false {
  if (statusOf(checks, "C13") === "pass") return false;
  return checks.some(({ status }) => status === "fail") ? SLOW_POLL_MS : POLL_MS;
}

function statusOf(checks: { id: string; status: string }[] | undefined, check: string): string | undefined {
  return checks?.find(({ id }) => id === check)?.status;
}

/** One path of squares, dark on light in both themes: readers expect it so. */
function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  const path = data
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])))
    .join("");
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#16211e" />
    </svg>
  );
}
