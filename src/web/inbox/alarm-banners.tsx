import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { Link } from "wouter";
import type { Chat } from "../../domain/chat.ts";
import { findFailureReason } from "../../domain/failure-reason.ts";
import type { StoredNotice } from "../../domain/parsed-notice.ts";
import { NamedText } from "../parts/named-text.tsx";
import { Notice } from "../parts/notice.tsx";
import { useServices, useSignIn } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { type OwnPhone, useMe } from "./agents.ts";
import styles from "./alarm-banners.module.css";
import { useInbox } from "./inbox-context.tsx";

/** Alarms that come while the page is hidden or its socket is down. */
const ALARMS_EVERY_MS = 60_000;
/** A failed message is here a moment before the server knows that its number is the cause. */
const RECHECK_MS = 2_000;

/**
 * One banner for each number that cannot send, with its cause and who can fix it; for admins also the other open alarms. A banner goes
 * when its cause is gone. A number that was disconnected concerns only those who have a chat of it open.
 */
export function AlarmBanners({ openId }: { openId: number | null }) {
  const { strings } = useLanguage();
  const { session } = useSignIn();
  const { list } = useInbox();
  const view = useSyncExternalStore(list.subscribe, () => list.view);
  useRecheck(view.chats);
  const isAdmin = session?.role === "admin";
  const openPhone = list.find(({ id }) => id === openId)?.organizationPhoneId;
  const phones = (useMe()?.phones ?? []).filter(
    ({ id, problem, isConnected }) => problem || (!isConnected && id === openPhone),
  );
  const others = useAlarms(isAdmin).filter((alarm) => !isShown(alarm, phones));
  const texts = strings.alarms;
  if (phones.length === 0 && others.length === 0) return null;
  return (
    <section className={styles.banners} aria-label={texts.region}>
      {phones.map(({ id, name, problem }) => (
        <Notice key={id} tone="danger" role="status">
          <p>
            <strong>
              <NamedText names={[name]}>
                {(name) =>
                  (problem?.canReply ? texts.canOnlyReply : texts.cannotSend)(
                    name,
                    problem?.title ?? texts.disconnected,
                  )
                }
              </NamedText>
            </strong>
            {". "}
            {isAdmin ? problem?.fix : texts.askAdmin} {isAdmin && texts.fixHere}{" "}
            {isAdmin && <Link href="/settings/numbers">{texts.numbers}</Link>}
          </p>
        </Notice>
      ))}
      {others.length > 0 && (
        <details className={styles.others}>
          <summary>{texts.others(others.length)}</summary>
          {others.map(({ id, severity, title, detail }) => (
            <Notice key={id} tone={severity === "critical" ? "danger" : "warning"}>
              <p>
                <strong>{title}</strong> {typeof detail.fix === "string" && detail.fix}
              </p>
            </Notice>
          ))}
        </details>
      )}
    </section>
  );
}

/** The organization's open alarms, worst first; none for who is no admin. */
function useAlarms(isAdmin: boolean): readonly StoredNotice[] {
  const { api } = useServices();
  const { language } = useLanguage();
  const { data } = useQuery({
    queryKey: ["alarms", language],
    queryFn: () =>
      api.request<{ data: StoredNotice[] }>("/notices?open=true&limit=50", {
        headers: { "accept-language": language },
      }),
    enabled: isAdmin,
    refetchInterval: ALARMS_EVERY_MS,
  });
  const isCritical = ({ severity }: StoredNotice) => Number(severity === "critical");
  return [...(data?.data ?? [])].sort((a, b) => isCritical(b) - isCritical(a));
}

/** Asks for the numbers' state when a message has failed for a cause that only an admin can fix. */
function useRecheck(chats: readonly Chat[]): void {
  const queries = useQueryClient();
  const failed = Math.max(
    0,
    ...chats.map(({ lastMessage }) => {
      const reason = lastMessage?.error ? findFailureReason(lastMessage.error.code) : null;
      return lastMessage && reason?.owner === "admin" ? lastMessage.id : 0;
    }),
  );
  useEffect(() => {
    if (failed === 0) return;
    const ask = () => void queries.invalidateQueries({ queryKey: ["me"] });
    ask();
    const timer = setTimeout(ask, RECHECK_MS);
    return () => clearTimeout(timer);
  }, [queries, failed]);
}

/** Whether a number's banner says it: as its problem, or as another one of its sending. */
function isShown({ id, alarm }: StoredNotice, phones: readonly OwnPhone[]): boolean {
  const [kind, phoneId, topic = ""] = alarm?.split(":") ?? [];
  const isOfSending = kind === "phone" && /^(C0\d|replies|restriction|ban)$/.test(topic);
  return phones.some(
    (phone) =>
      phone.problem !== null &&
      (phone.problem.noticeId === id || (isOfSending && String(phone.id) === phoneId)),
  );
}
