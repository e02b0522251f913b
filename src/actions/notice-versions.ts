import { nothingCommitted } from "../db/committed.ts";
import type { OwnNotice } from "../db/notices.ts";
import { errorName, log } from "../log.ts";
import { publish, undeliveredAfter } from "../realtime/publish.ts";
import { keepNumberNotices, type NumberVersion } from "../sending/hand-over.ts";
import { versionNotice } from "../whatsapp/graph-versions.ts";

const PUBLISH_CAP_MS = 1_000;

/**
 * Called by the schedule, and does its work once an hour: tells admins of a number whose version of Graph ends within 90
 * days, and once more when it has ended. Once for each version and number. Never fails.
 */
export async function noticeVersions(env: Env, now: Date): Promise<void> {
  if (now.getUTCMinutes() !== 0) return;
  try {
    const notices = await keepNumberNotices(env, (number) => noticeOf(number, now));
    await undeliveredAfter(publish(env, { ...nothingCommitted, notices }), PUBLISH_CAP_MS);
  } catch (error) {
    log("request_failed", { route: "notice versions", error: errorName(error) });
  }
}

function noticeOf({ id, organizationId, wabaId, name, version }: NumberVersion, now: Date): OwnNotice | null {
  const ends = versionNotice(version, now);
  if (!ends) return null;
  const endsAt = ends.endsAt?.toISOString() ?? null;
  const day = endsAt?.slice(0, 10);
  const isOver = ends.kind === "ended";
  const when = isOver ? `has ended${day ? ` on ${day}` : ""}` : `ends on ${day}`;
  return {
    organizationId,
    organizationPhoneId: id,
    wabaId,
    kind: "graphVersion",
    severity: isOver ? "critical" : "warning",
    title: `Number "${name}" uses Graph ${version}, which ${when}: set a newer wabaApiVersion.`,
    detail: { version, endsAt, subject: { type: "phoneNumber", phoneNumber: null } },
    key: `graphVersion ${id} ${version} ${ends.kind}`,
    happenedAt: now.toISOString(),
  };
}
