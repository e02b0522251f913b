import { type Observation, reconcileAlarms, type Watched, watchedPhone } from "../db/alarms.ts";
import type { Db } from "../db/client.ts";
import type { CommittedNotice } from "../db/committed.ts";
import type { CheckId, Finding } from "../domain/check.ts";
import { describe } from "../domain/check-texts.ts";

/** What can break after a number has worked. Nobody's request says what our address is: C11 takes any with our path. */
export const WATCHED: CheckId[] = ["C02", "C03", "C04", "C05", "C06", "C07", "C08", "C11", "C12"];
type AlarmedPhone = Omit<Watched, "organizationId">;
/** `since`: when this was first found. */
type Found = Finding & { since: string };

/** Raises and clears a number's alarms after what was just checked. Returns those that changed, to be published. */
export async function reconcileCheckAlarms(
  db: Db,
  organizationId: number,
  phone: AlarmedPhone,
  findings: readonly Found[],
  now: Date,
): Promise<CommittedNotice[]> {
  const watched = findings.filter(({ id }) => WATCHED.includes(id));
  return await reconcileAlarms(
    db,
    watched.flatMap((found) => observeCheck(organizationId, phone, found, now)),
  );
}

/** The same after Meta has refused a number's token for a send (`isDead`), or has taken it again. */
export async function reconcileTokenAlarm(
  db: Db,
  organizationPhoneId: number,
  isDead: boolean,
  now: Date,
): Promise<CommittedNotice[]> {
  const phone = await watchedPhone(db, organizationPhoneId);
  if (!phone) return [];
  const finding: Found = {
    ...{ id: "C02", evidence: { meta: "" }, fixes: [], since: now.toISOString() },
    ...(isDead ? { status: "fail", code: "token_invalid" } : { status: "pass", code: "token_ok" }),
  };
  return await reconcileCheckAlarms(db, phone.organizationId, phone, [finding], now);
}

/** What is skipped because of another check says nothing, nor does a moment in which Meta was away. */
export function observeCheck(
  organizationId: number,
  phone: AlarmedPhone,
  found: Found,
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

function isAboutToEnd({ code, evidence }: Found, now: Date): boolean {
  return code === "token_expires" && Date.parse(evidence.expiresAt ?? "") < now.getTime() + URGENT_MS;
}
