import type { Db } from "../db/client.ts";
import type { CommittedNotice } from "../db/committed.ts";
import { addNotices, type OwnNotice } from "../db/notices.ts";
import { type DuePhone, phonesToCheck, updatePhone } from "../db/phones.ts";
import type { CheckId } from "../domain/check.ts";
import { describe } from "../domain/check-texts.ts";
import type { StoredFinding } from "../domain/phone.ts";
import { errorName, log } from "../log.ts";
import { type CheckReach, checkStored } from "./check-stored.ts";
import { numberAccess } from "./number-access.ts";

/** What can break by itself after a number has worked. Nobody's request says what our address is: C11 takes any with our path. */
const WATCHED: CheckId[] = ["C02", "C03", "C04", "C05", "C06", "C07", "C08", "C11", "C12"];
/** A run has to end before the next one. */
const PHONES_PER_RUN = 50;

/**
 * Checks the numbers whose turn it is this minute, each once an hour, and those whose account Meta has just reported as removed.
 * Returns a notice for each number and cause, once for as long as it lasts. A number that its token can no longer read after such
 * a report is disconnected; one that was, and can be read again, is connected.
 */
export async function checkHourly(env: Env, db: Db, now: Date): Promise<CommittedNotice[]> {
  const reach: CheckReach = {
    db,
    now: () => now,
    numbers: numberAccess(env),
    systemFacts: () => Promise.reject(new Error("C15 is not among the watched checks.")),
  };
  const notices: OwnNotice[] = [];
  for (const due of await phonesToCheck(db, now, PHONES_PER_RUN)) {
    try {
      notices.push(...(await checkOne(reach, due)));
    } catch (error) {
      log("request_failed", {
        route: "hourly checks",
        organizationPhoneId: due.phone.id,
        error: errorName(error),
      });
    }
  }
  const fresh = notices.length === 0 ? [] : await addNotices(db, notices);
  for (const { notice } of fresh) {
    const { check, code } = notice.detail;
    log("number_check", {
      organizationPhoneId: notice.organizationPhoneId,
      check: String(check),
      code: String(code),
    });
  }
  return fresh;
}

async function checkOne(
  reach: CheckReach,
  { organizationId, isReported, phone }: DuePhone,
): Promise<OwnNotice[]> {
  const { db, now } = reach;
  const findings = await checkStored(reach, organizationId, phone, { only: WATCHED, callbackUrl: null });
  const actor = { organizationId, agentId: null };
  const isReadable = findings.some(({ id, status }) => id === "C05" && status === "pass");
  // Meta being away says nothing of the number.
  const isLost = findings.some(
    ({ id, status, code }) => id < "C06" && status === "fail" && code !== "meta_unreachable",
  );
  if (phone.connection === "connected" && isReported && isLost) {
    const state = { disconnect: "partner_removed" as const, at: now() };
    const entry = { action: "phone.disconnected" as const, detail: { reason: "partner_removed" } };
    await updatePhone(db, actor, phone.id, { change: {}, state }, [entry]);
  } else if (phone.connection === "disconnected" && isReadable) {
    const entry = { action: "phone.reconnected" as const, detail: {} };
    await updatePhone(db, actor, phone.id, { change: {}, state: "connect" }, [entry]);
  }
  return findings.flatMap((found) => noticeOf(organizationId, phone, found) ?? []);
}

/** One for each cause: what is skipped because of another check is none, nor is a moment in which Meta was away. */
function noticeOf(organizationId: number, phone: DuePhone["phone"], found: StoredFinding): OwnNotice | null {
  const { id, status, code, since, evidence } = found;
  if ((status !== "fail" && status !== "warn") || code === "meta_unreachable") return null;
  const { title, why, fix } = describe(found, "en");
  return {
    organizationId,
    organizationPhoneId: phone.id,
    wabaId: phone.wabaId,
    kind: "numberCheck",
    severity: status === "fail" ? "critical" : "warning",
    title: `Number "${phone.name}": ${title}`,
    detail: {
      check: id,
      code,
      why,
      fix,
      evidence,
      subject: { type: "phoneNumber", phoneNumber: phone.phoneNumber },
    },
    key: `numberCheck ${phone.id} ${id} ${code} ${since}`,
    happenedAt: since,
  };
}
