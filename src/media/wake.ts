import { databaseUrlOf } from "../config.ts";
import { CRON_LIMIT_MS, connect } from "../db/client.ts";
import { phonesWithDueFiles } from "../db/media.ts";
import { objectBesideDatabase } from "../region.ts";

/** Wakes the fetchers of these phones. Does not wait and never fails: the schedule finds what a fetcher missed. */
export function wakeFetchers(env: Env, organizationPhoneIds: number[]): void {
  for (const id of organizationPhoneIds) {
    fetcherOf(env, id)
      .wake()
      .catch(() => undefined);
  }
}

/** Wakes the fetcher of every phone that has due files. */
export async function sweepFiles(env: Env): Promise<void> {
  const phones = await phonesWithDueFiles(connect(databaseUrlOf(env), CRON_LIMIT_MS), new Date());
  await Promise.allSettled(phones.map((id) => fetcherOf(env, id).wake()));
}

function fetcherOf(env: Env, organizationPhoneId: number) {
  return objectBesideDatabase(env, env.MEDIA_FETCHER, String(organizationPhoneId));
}
