import type { SendingReport } from "./account-notice.ts";
import type { Finding } from "./check.ts";
import type { Language } from "./check-text.ts";
import { describe, isCheckCode } from "./check-texts.ts";
import type { StoredNotice } from "./parsed-notice.ts";

type Texts = { title: string; why?: string | null; fix?: string | null };

/**
 * A notice with its texts in a language: stored are the English ones. In Russian there are those of all that becomes an alarm; the
 * other reports of Meta stay in English. `detail` has `why` and `fix` where the notice has them.
 */
export function noticeIn(notice: StoredNotice, language: Language): StoredNotice {
  const texts = language === "ru" ? russian(notice) : null;
  if (!texts) return notice;
  const { title, why, fix } = texts;
  return { ...notice, title, detail: { ...notice.detail, ...(why && { why }), ...(fix && { fix }) } };
}

/** Why a number cannot send, and whether it can still answer customers within 24 hours: for agents. The fix is for admins. */
export type SendingProblem = { title: string; why: string | null; fix: string | null; canReply: boolean };

/** An open alarm, as a reason why a number cannot send. */
export function sendingProblemIn(
  { kind, detail }: Pick<StoredNotice, "kind" | "detail">,
  language: Language,
): SendingProblem {
  const finding = kind === "numberCheck" ? findingOf(detail) : null;
  if (finding) {
    const { title, why, fix } = describe(finding, language);
    return { title, why, fix, canReply: false };
  }
  const report = detail.sending as SendingReport | null;
  return {
    title: restrictionText(report, language),
    why: null,
    fix: RESTRICTION_FIX[language],
    canReply: report?.canReply ?? false,
  };
}

const RESTRICTION_FIX: Record<Language, string> = {
  en: "Business Support Home says why, and takes a request for a review.",
  ru: "Причина указана в Business Support Home, там же запрашивают пересмотр.",
};

/** By Meta's names. */
const RESTRICTED: Record<Language, ReadonlyMap<string, string>> = {
  en: new Map([
    ["restricted biz initiated messaging", "messages that the business begins"],
    ["restricted customer initiated messaging", "answers to customers"],
    ["restricted utility templates", "utility templates"],
    ["restricted direct send utility templates", "utility templates that are sent directly"],
  ]),
  ru: new Map([
    ["restricted biz initiated messaging", "сообщения по инициативе бизнеса"],
    ["restricted customer initiated messaging", "ответы клиентам"],
    ["restricted utility templates", "служебные шаблоны"],
    ["restricted direct send utility templates", "служебные шаблоны прямой отправки"],
  ]),
};

/** `Meta has restricted it (messages that the business begins) until 2026-12-05`. */
function restrictionText(report: SendingReport | null, language: Language): string {
  const names = report?.what?.split(", ").map((name) => RESTRICTED[language].get(name) ?? name);
  const what = names ? ` (${names.join(", ")})` : "";
  const day = report?.until?.slice(0, 10);
  if (language === "ru")
    return report?.cause === "ban"
      ? "Meta заблокировала аккаунт"
      : `действует ограничение Meta${what}${day ? ` до ${day}` : ""}`;
  return report?.cause === "ban"
    ? "Meta has barred the account"
    : `Meta has restricted it${what}${day ? ` until ${day}` : ""}`;
}

function russian({ kind, subject, detail }: StoredNotice): Texts | null {
  const number = `Номер ${phoneOf(subject)}`.trim();
  switch (kind) {
    case "numberCheck": {
      const finding = findingOf(detail);
      if (!finding) return null;
      const { title, why, fix } = describe(finding, "ru");
      return { title: `${number}: ${title}`, why, fix };
    }
    case "silence":
      return {
        title: `${number}: сообщений нет уже ${duration(detail.silentMinutes)}; обычно они приходят раз в ${duration(detail.usualGapMinutes)}.`,
        why: "В те же часы прошлых недель сообщения приходили. Возможно, Meta перестала отправлять вебхуки на этот адрес.",
        fix: "Напишите на номер с телефона. Если ничего не придёт, проверьте номер в настройках.",
      };
    case "refusedWebhooks":
      return {
        title: `${number}: вебхуки приходят с неверной подписью и отклоняются.`,
        why: "META_APP_SECRET не от того приложения, которое их отправляет, или на этот адрес пишет кто-то другой.",
        fix: "Скопируйте секрет приложения в Meta (App settings → Basic), затем: npx wrangler secret put META_APP_SECRET",
      };
    case "graphVersion": {
      const day = typeof detail.endsAt === "string" ? ` ${detail.endsAt.slice(0, 10)}` : "";
      const isOver = String(detail.code).endsWith("ended");
      return {
        title: `Graph ${detail.version} ${isOver ? "больше не работает с" : "перестанет работать"}${day}: укажите у номера более новую версию wabaApiVersion.`,
      };
    }
    case "templateStatus":
      return { title: `Шаблон ${nameOf(subject)}: статус в Meta теперь ${detail.status}.` };
    case "account": {
      const report = detail.sending as SendingReport | null | undefined;
      if (!report?.isRestricted) return null;
      const who = subject?.type === "phoneNumber" ? number : "Аккаунт WhatsApp";
      return { title: `${who}: ${restrictionText(report, "ru")}.`, fix: RESTRICTION_FIX.ru };
    }
    case "numberQuality":
      return { title: `${number}: качество или лимит изменились (${detail.event}).` };
    default:
      return null;
  }
}

/** The finding of a check that the alarm was raised for. Null for a code of another version. */
function findingOf({ check, code, evidence }: StoredNotice["detail"]): Finding | null {
  // The same cause, when it became urgent.
  const known = code === "token_expires_soon" ? "token_expires" : code;
  if (!isCheckCode(known)) return null;
  return {
    id: check as Finding["id"],
    status: "fail",
    code: known,
    evidence: evidence as Finding["evidence"],
    fixes: [],
  };
}

function phoneOf(subject: StoredNotice["subject"]): string {
  return typeof subject?.phoneNumber === "string" ? `+${subject.phoneNumber}` : "";
}

function nameOf(subject: StoredNotice["subject"]): string {
  return typeof subject?.name === "string" ? `«${subject.name}»` : "";
}

/** "40 мин", "2 ч", "3 дн.". */
function duration(minutes: unknown): string {
  const count = Number(minutes);
  if (count < 90) return `${Math.max(1, count)} мин`;
  const hours = Math.round(count / 60);
  return hours < 48 ? `${hours} ч` : `${Math.round(hours / 24)} дн.`;
}
