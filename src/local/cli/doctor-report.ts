import type { CheckStatus } from "../../domain/check.ts";
import { worstStatus } from "../../domain/check.ts";
import type { DescribedCheck, Language } from "../../domain/check-text.ts";

/** A check of one number; null for what concerns no number. */
export type Reported = DescribedCheck & { organizationPhoneId: number | null };

const MARKS: Record<CheckStatus, string> = { pass: "✔", warn: "!", fail: "✖", skip: "-" };
const COLORS: Record<CheckStatus, number> = { pass: 32, warn: 33, fail: 31, skip: 90 };

/** What the doctor says and asks besides the checks. */
export const words = {
  en: {
    ...{ why: "why", fix: "fix", see: "see", phone: "Phone" },
    wabaId: "WABA ID: ",
    phoneNumberId: "Phone number ID: ",
    token: "Access token (not shown): ",
    atMeta: "Enter at Meta, under WhatsApp → Configuration, and tick messages:",
    pin: "PIN of six digits (not shown): ",
    codeMethod: "Send the code by SMS or by a voice call? (sms, voice): ",
    code: "Code: ",
    write: "Write to the number now:",
  },
  ru: {
    ...{ why: "почему", fix: "что делать", see: "см.", phone: "Номер" },
    wabaId: "WABA ID: ",
    phoneNumberId: "Phone number ID: ",
    token: "Токен доступа (не показывается): ",
    atMeta: "Введите в Meta, WhatsApp → Configuration, и отметьте messages:",
    pin: "PIN из шести цифр (не показывается): ",
    codeMethod: "Прислать код по SMS или голосовым звонком? (sms, voice): ",
    code: "Код: ",
    write: "Напишите на номер сейчас:",
  },
} satisfies Record<Language, Record<string, string>>;

/** A check as people read it: one line, and for what is not right its cause, its fix and where to read more. */
export function formatCheck(check: DescribedCheck, language: Language, withColor: boolean): string {
  const { id, status, title, why, fix, docs } = check;
  const mark = withColor ? `\u001b[${COLORS[status]}m${MARKS[status]}\u001b[0m` : MARKS[status];
  const head = `${mark} ${id}  ${title}`;
  if (status !== "fail" && status !== "warn") return head;
  const said = words[language];
  const width = Math.max(...[said.why, said.fix, said.see].map((word) => word.length)) + 3;
  const lineOf = (word: string, text: string | null) =>
    text === null ? [] : [`       ${word.padEnd(width)}${text}`];
  return [head, ...lineOf(said.why, why), ...lineOf(said.fix, fix), ...lineOf(said.see, docs)].join("\n");
}

/** 0 fine, 1 failures, 2 warnings under `--strict`. */
export function exitCodeOf(checks: readonly DescribedCheck[], isStrict: boolean): 0 | 1 | 2 {
  const worst = worstStatus(checks.map(({ status }) => status));
  if (worst === "fail") return 1;
  return worst === "warn" && isStrict ? 2 : 0;
}
