import { setTimeout as wait } from "node:timers/promises";
import { type CheckFix, type CheckId, finding, isWaiting } from "../../domain/check.ts";
import type { DescribedCheck, Language } from "../../domain/check-text.ts";
import { describe } from "../../domain/check-texts.ts";
import { findFailureReason } from "../../domain/failure-reason.ts";
import { failuresRu } from "../../domain/failure-texts-ru.ts";
import { CannotRun, type Options } from "./doctor-options.ts";
import { words } from "./doctor-report.ts";
import { Refused, type WorkerApi } from "./doctor-worker.ts";
import { NoAnswer, type Terminal } from "./terminal.ts";

const POLL_MS = 1_000;
/** A code verifies a number, then a PIN registers it. */
const FIX_ROUNDS = 3;

/**
 * The Worker's checks of one number, after the fixes that were asked for, with the live ones waited for. A fix that is refused
 * leaves its check failed, and says why in place of the advice.
 */
export async function examineNumber(
  api: WorkerApi,
  id: number,
  options: Options,
  terminal: Terminal,
): Promise<DescribedCheck[]> {
  const { only, to, lang } = options;
  const ask = () => api.check(id, only ? { only } : {});
  const checks = options.isFixing ? await fixed(api, id, ask, { lang, terminal }) : await ask();
  const found = new Map(checks.map((check) => [check.id, check]));
  const live: DescribedCheck[] = [];
  if (options.wait !== null) live.push(...(await inbound(api, id, options.wait, { lang, terminal })));
  if (to !== null) live.push(...(await outbound(api, id, to, lang)));
  for (const check of live) found.set(check.id, check);
  return [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

type Talk = { lang: Language; terminal: Terminal };

async function inbound(
  api: WorkerApi,
  id: number,
  seconds: number,
  { lang, terminal }: Talk,
): Promise<DescribedCheck[]> {
  const since = new Date().toISOString();
  const { phoneNumber } = await api.phone(id);
  terminal.say(`${words[lang].write} https://wa.me/${phoneNumber.replace(/\D/g, "")}`);
  return await settled(() => api.check(id, { only: ["C13"], wait: { since, seconds } }));
}

/** Where Meta or we refuse the test message, the failed ground of C14 is the cause, or else the refusal itself. */
async function outbound(
  api: WorkerApi,
  id: number,
  to: string,
  language: Language,
): Promise<DescribedCheck[]> {
  try {
    const messageId = await api.test(id, to);
    return await settled(() => api.check(id, { only: ["C14"], messageId }));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { code, detail, reason = "" } = error.refusal;
    if (code === "invalid_request") throw new CannotRun(`--to: ${detail}`);
    const grounds = (await api.check(id, { only: ["C06", "C07"] })).filter(({ status }) => status === "fail");
    const [ground] = grounds;
    const own = ground
      ? finding("C14", "skip", "needs", { evidence: { needs: ground.id } })
      : finding("C14", "fail", "outbound_failed", { evidence: { meta: detail, failure: reason } });
    return [...grounds, describe(own, language)];
  }
}

/** Asks until the check no longer waits. */
async function settled(ask: () => Promise<DescribedCheck[]>): Promise<DescribedCheck[]> {
  for (;;) {
    const checks = await ask();
    if (!checks.some(isWaiting)) return checks;
    await wait(POLL_MS);
  }
}

/** The checks after everything that is safe to repeat, or that somebody types a PIN or a code for. */
async function fixed(
  api: WorkerApi,
  id: number,
  ask: () => Promise<DescribedCheck[]>,
  talk: Talk,
): Promise<DescribedCheck[]> {
  const refusals = new Map<CheckId, string | null>();
  let checks = await ask();
  for (let round = 0; round < FIX_ROUNDS; round += 1) {
    let isChanged = false;
    for (const check of checks) {
      for (const { kind } of refusals.has(check.id) ? [] : check.fixes) {
        try {
          isChanged = (await applyFix(api, id, kind, talk)) || isChanged;
        } catch (error) {
          if (!(error instanceof Refused || error instanceof NoAnswer)) throw error;
          refusals.set(check.id, error instanceof Refused ? textOf(error.refusal, talk.lang) : null);
        }
      }
    }
    if (!isChanged) break;
    checks = await ask();
  }
  return checks.map((check) => {
    const refusal = check.status === "fail" ? refusals.get(check.id) : null;
    return refusal ? { ...check, fix: refusal } : check;
  });
}

/** In Russian what is known of Meta's reason; the details are Meta's. */
function textOf({ detail, reason = "" }: Refused["refusal"], language: Language): string {
  const known = language === "ru" ? findFailureReason(reason) : null;
  return known ? `${failuresRu[known.name].title}. ${failuresRu[known.name].advice}` : detail;
}

/** Whether anything was done. Throws `Refused`, or `NoAnswer` where nobody types. */
async function applyFix(
  api: WorkerApi,
  id: number,
  kind: CheckFix["kind"],
  { lang, terminal }: Talk,
): Promise<boolean> {
  const said = words[lang];
  switch (kind) {
    case "subscribe":
      await api.setUp(id, "subscribe");
      return true;
    case "register":
      await api.setUp(id, "register", { pin: await terminal.ask(said.pin, { isHidden: true }) });
      return true;
    case "request_code": {
      const method = /^v/i.test(await terminal.ask(said.codeMethod)) ? "VOICE" : "SMS";
      await api.setUp(id, "request-code", { method, language: lang === "ru" ? "ru" : "en_US" });
      await api.setUp(id, "verify-code", { code: await terminal.ask(said.code) });
      return true;
    }
    // The values of a stored number are changed on the page or by SQL.
    case "swap_ids":
    case "use_number":
      return false;
    default:
      return kind satisfies never;
  }
}
