import { type Observation, reconcileAlarms } from "../db/alarms.ts";
import type { Db } from "../db/client.ts";
import type { CommittedNotice } from "../db/committed.ts";
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
  return findings.flatMap((found) => observe(organizationId, phone, found, now()));
}

/** What is skipped because of another check says nothing, nor does a moment in which Meta was away. */
function observe(
  organizationId: number,
  phone: DuePhone["phone"],
  found: StoredFinding,
  now: Date,
): Observation[] {
  const { id, status, code, since, evidence } = found;
  if (status === "skip" || code === "meta_unreachable") return [];
  const observation = (topic: string, wrong: Observation["wrong"]): Observation => ({
    ...{ organizationId, organizationPhoneId: phone.id, wabaId: phone.wabaId },
    ...{ alarm: `phone:${phone.id}:${topic}`, observedAt: now.toISOString(), wrong },
  });
  const { title, why, fix } = describe(found, "en");
  const isUrgent = status === "fail" || isAboutToEnd(found, now);
  const wrong = {
    code: code === "token_expires" && isUrgent ? "token_expires_soon" : code,
    kind: "numberCheck",
    severity: isUrgent ? ("critical" as const) : ("warning" as const),
    title: `Number "${phone.name}": ${title}`,
    detail: {
      ...{ check: id, why, fix, evidence },
      subject: { type: "phoneNumber", phoneNumber: phone.phoneNumber },
    },
    happenedAt: since,
  };
  // Meta reports low quality by a webhook too, which raises the same alarm.
  if (id === "C06") {
    const isLow = code === "quality_low";
    // Another finding comes first.
    const isHidden = !isLow && evidence.quality === "RED";
    return [
      ...(isHidden ? [] : [observation("quality", isLow ? wrong : null)]),
      observation("C06", isLow || status === "pass" ? null : wrong),
    ];
  }
  return [observation(id, status === "pass" ? null : wrong)];
}

const URGENT_MS = 7 * 86_400_000;

function isAboutToEnd({ code, evidence }: StoredFinding, now: Date): boolean {
  return code === "token_expires" && Date.parse(evidence.expiresAt ?? "") < now.getTime() + URGENT_MS;
}
