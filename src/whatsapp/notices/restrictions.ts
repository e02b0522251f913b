import type { Restriction, SendingReport } from "../../domain/account-notice.ts";
import type { Severity } from "../../domain/notice.ts";
import { objectsOf, shortTextOf, timeOf } from "../json-fields.ts";
import { isObject } from "../json-text.ts";
import { plainWords } from "./title.ts";

const MAX_RESTRICTIONS = 50;
/** Meta also reports a restriction that has ended, and one that it only warns of. */
const LIFTED = /(?:^|_)(?:UNBAN|UNRESTRICTED|LIFTED)(?:_|$)/i;
const WARNED = /(?:^|_)WARN(?:ING|ED)?(?:_|$)/i;

/** Parses `restriction_info` of an account, or `restrictions_list` of a number's settings for calls; a lone one may be no list. */
export function parseRestrictions(list: unknown): Restriction[] {
  return objectsOf(isObject(list) ? [list] : list, MAX_RESTRICTIONS).map(
    ({ restriction_type, type, expiration, remediation, reason }) => ({
      restriction: shortTextOf(restriction_type) ?? shortTextOf(type),
      until: timeOf(expiration),
      remedy: shortTextOf(remediation) ?? shortTextOf(reason),
    }),
  );
}

/** `info` for what is lifted, `warning` for what is only a warning, otherwise `critical`. */
export function severityOfRestriction(name: string | null): Severity {
  if (name !== null && LIFTED.test(name)) return "info";
  return name !== null && WARNED.test(name) ? "warning" : "critical";
}

/** The worst of several; `critical` for none, since something was restricted. */
export function severityOfRestrictions(restrictions: Restriction[]): Severity {
  const severities = restrictions.map(({ restriction }) => severityOfRestriction(restriction));
  if (severities.length === 0 || severities.includes("critical")) return "critical";
  return severities.includes("warning") ? "warning" : "info";
}

/** Restrictions of what agents do; others are of calls, or of adding numbers. */
const OF_SENDING = /MESSAG|TEMPLATE/i;
/** Those of them that leave answers to customers alone. */
const OF_INITIATIVE = /BIZ_INITIATED|BUSINESS_INITIATED|TEMPLATE/i;

/** What the names of a restriction and of its end do not share. */
const STATE = /^(?:UN)?(?:RESTRICTED|BAN|BANNED)$|^LIFTED$/;

/** What a report of restrictions says about sending: one without a list restricts it. Null when it says nothing, or only warns. */
export function sendingOf(restrictions: Restriction[]): SendingReport | null {
  const ours = restrictions.filter(({ restriction }) => restriction === null || OF_SENDING.test(restriction));
  const types = typesOf(ours);
  const active = ours.filter(({ restriction }) => severityOfRestriction(restriction) === "critical");
  if (active.length === 0 && restrictions.length > 0) {
    const isLifted = ours.some(({ restriction }) => severityOfRestriction(restriction) === "info");
    return isLifted
      ? { cause: "restriction", isRestricted: false, canReply: true, what: null, until: null, types }
      : null;
  }
  const ends = active.map(({ until }) => until);
  const until = ends.includes(null) ? null : (ends.sort().at(-1) ?? null);
  const names = active.flatMap(({ restriction }) => (restriction === null ? [] : plainWords(restriction)));
  const canReply =
    active.length > 0 &&
    active.every(({ restriction }) => restriction !== null && OF_INITIATIVE.test(restriction));
  return { cause: "restriction", isRestricted: true, canReply, what: names.join(", ") || null, until, types };
}

/** What restrictions are about, whether they begin or end; none when one of them has no name. */
function typesOf(restrictions: Restriction[]): string[] {
  const names = restrictions.flatMap(({ restriction }) => restriction ?? []);
  if (names.length < restrictions.length) return [];
  const words = names.filter((name) => !WARNED.test(name)).map((name) => name.toUpperCase().split("_"));
  return words.map((all) => all.filter((word) => !STATE.test(word)).join("_"));
}

/** What Meta advises, each sentence once. */
export function remediesOf(restrictions: Pick<Restriction, "remedy">[]): string {
  return [...new Set(restrictions.flatMap(({ remedy }) => remedy ?? []))].join(" ");
}
