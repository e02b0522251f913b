import { type Observation, reconcileAlarms } from "../db/alarms.ts";
import type { Db } from "../db/client.ts";
import type { CommittedNotice } from "../db/committed.ts";
import { updatePhone } from "../db/phones.ts";
import { type DuePhone, phonesToCheck } from "../db/phones-to-check.ts";
import { errorName, log } from "../log.ts";
import { observeCheck, WATCHED } from "./check-alarms.ts";
import { type CheckReach, checkStored } from "./check-stored.ts";
import { numberAccess } from "./number-access.ts";

/** A run has to end before the next one. */
const PHONES_PER_RUN = 50;

/**
 * Checks the numbers whose turn it is this minute, each once an hour, those of `suspects`, and those whose account Meta has just
 * reported as removed. Raises an alarm for each number and cause, cleared once the check passes; returns what changed. A number that
 * its token can no longer read after such a report is disconnected; one that was, and can be read again, is connected.
 */
export async function checkHourly(
  env: Env,
  db: Db,
  now: Date,
  suspects: readonly number[] = [],
): Promise<CommittedNotice[]> {
  const reach: CheckReach = {
    db,
    now: () => now,
    numbers: numberAccess(env),
    systemFacts: () => Promise.reject(new Error("C15 is not among the watched checks.")),
  };
  const observations: Observation[] = [];
  for (const due of await phonesToCheck(db, now, { suspects, limit: PHONES_PER_RUN })) {
    try {
      observations.push(...(await checkOne(reach, due)));
    } catch (error) {
      log("request_failed", {
        route: "hourly checks",
        organizationPhoneId: due.phone.id,
        error: errorName(error),
      });
    }
  }
  const changed = await reconcileAlarms(db, observations);
  for (const { notice } of changed) {
    if (notice.clearedAt !== null) continue;
    const { check, code } = notice.detail;
    log("number_check", {
      organizationPhoneId: notice.organizationPhoneId,
      check: String(check),
      code: String(code),
    });
  }
  return changed;
}

async function checkOne(
  reach: CheckReach,
  { organizationId, isReported, phone }: DuePhone,
): Promise<Observation[]> {
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
  return findings.flatMap((found) => observeCheck(organizationId, phone, found, now()));
}
