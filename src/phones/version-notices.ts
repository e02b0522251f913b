import { type Observation, reconcileAlarms } from "../db/alarms.ts";
import type { Db } from "../db/client.ts";
import type { CommittedNotice } from "../db/committed.ts";
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
 * Raises an alarm for every phone whose version of Graph ends within 90 days, and another once it has ended; cleared when the phone
 * has a newer version. `defaultVersion` is used by phones that name none. Returns the alarms that changed.
 */
export async function reconcileVersionAlarms(
  db: Db,
  defaultVersion: string,
  now: Date,
): Promise<CommittedNotice[]> {
  const phones = await allPhones(db);
  return await reconcileAlarms(
    db,
    phones.map(({ wabaApiVersion, ...phone }) =>
      observe({ ...phone, version: wabaApiVersion?.trim() || defaultVersion }, now),
    ),
  );
}

function observe({ id, organizationId, wabaId, name, version }: PhoneVersion, now: Date): Observation {
  const observedAt = now.toISOString();
  const of = {
    organizationId,
    organizationPhoneId: id,
    wabaId,
    alarm: `phone:${id}:graphVersion`,
    observedAt,
  };
  const ends = versionNotice(version, now);
  if (!ends) return { ...of, wrong: null };
  const endsAt = ends.endsAt?.toISOString() ?? null;
  const day = endsAt?.slice(0, 10);
  const isOver = ends.kind === "ended";
  const when = isOver ? `has ended${day ? ` on ${day}` : ""}` : `ends on ${day}`;
  const wrong = {
    code: `${version} ${ends.kind}`,
    kind: "graphVersion",
    severity: isOver ? ("critical" as const) : ("warning" as const),
    title: `Number "${name}" uses Graph ${version}, which ${when}: set a newer wabaApiVersion.`,
    detail: { version, endsAt, subject: { type: "phoneNumber", phoneNumber: null } },
    happenedAt: observedAt,
  };
  return { ...of, wrong };
}
