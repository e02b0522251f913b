import type { Db } from "../db/client.ts";
import type { CommittedNotice } from "../db/committed.ts";
import { addNotices, type OwnNotice } from "../db/notices.ts";
import { allPhones } from "../db/organization-phones.ts";
import { versionNotice } from "../whatsapp/graph-versions.ts";

/** The version of Graph that a phone is called with. */
type PhoneVersion = {
  id: number;
  organizationId: number;
  wabaId: string | null;
  name: string;
  version: string;
};

/**
 * Adds a notice for every phone whose version of Graph ends within 90 days, and another once it has ended: one of each per
 * version and phone, however often this runs. `defaultVersion` is used by phones that name none. Returns the new ones.
 */
export async function addVersionNotices(
  db: Db,
  defaultVersion: string,
  now: Date,
): Promise<CommittedNotice[]> {
  const phones = await allPhones(db);
  const notices = phones.flatMap(
    ({ wabaApiVersion, ...phone }) =>
      noticeOf({ ...phone, version: wabaApiVersion?.trim() || defaultVersion }, now) ?? [],
  );
  return notices.length === 0 ? [] : await addNotices(db, notices);
}

function noticeOf({ id, organizationId, wabaId, name, version }: PhoneVersion, now: Date): OwnNotice | null {
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
