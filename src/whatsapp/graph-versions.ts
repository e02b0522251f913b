/**
 * Graph's versions and the day on which each ends; null where Meta has not said. A version that ends answers no more, or
 * as the oldest that lives. https://developers.facebook.com/docs/graph-api/changelog
 */
export const graphVersions = {
  "v18.0": "2026-01-26",
  "v19.0": "2026-05-21",
  "v20.0": "2026-09-24",
  "v21.0": "2027-01-21",
  "v22.0": "2027-05-20",
  "v23.0": "2027-10-08",
  "v24.0": "2028-02-18",
  "v25.0": "2028-07-29",
  "v26.0": null,
} as const satisfies Record<`v${number}.${number}`, string | null>;

const DAY_MS = 86_400_000;
const NOTICE_MS = 90 * DAY_MS;

export type VersionNotice = {
  kind: "ends_soon" | "ended";
  version: string;
  /** Null for a version that is older than the table. */
  endsAt: Date | null;
  /** A sentence for admins. */
  detail: string;
};

/**
 * The first moment at which the version is gone (UTC); null where no end is known, or no such version.
 * @internal
 */
export function versionEnds(version: string): Date | null {
  const day = Object.entries(graphVersions).find(([one]) => one === version)?.[1];
  return day ? new Date(`${day}T00:00:00Z`) : null;
}

/** What an admin should know of the version that a number is called with: from 90 days before its end; else null. */
export function versionNotice(version: string, now: Date): VersionNotice | null {
  const endsAt = versionEnds(version);
  const advice = "Set a newer one in the number's wabaApiVersion.";
  if (endsAt === null) {
    if (!isOlderThanAll(version)) return null;
    return { kind: "ended", version, endsAt, detail: `Graph ${version} has ended. ${advice}` };
  }
  const leftMs = endsAt.getTime() - now.getTime();
  const day = endsAt.toISOString().slice(0, 10);
  if (leftMs <= 0) {
    return { kind: "ended", version, endsAt, detail: `Graph ${version} ended on ${day}. ${advice}` };
  }
  if (leftMs > NOTICE_MS) return null;
  const days = Math.ceil(leftMs / DAY_MS);
  const when = `on ${day}, in ${days} ${days === 1 ? "day" : "days"}`;
  return { kind: "ends_soon", version, endsAt, detail: `Graph ${version} ends ${when}. ${advice}` };
}

function isOlderThanAll(version: string): boolean {
  const majorOf = (text: string) => Number(/^v(\d{1,4})\.\d{1,3}$/.exec(text)?.[1] ?? Number.NaN);
  return majorOf(version) < Math.min(...Object.keys(graphVersions).map(majorOf));
}
