import { databaseUrlOf } from "../config.ts";
import { connect } from "../db/client.ts";
import { phonesWithDueFiles } from "../db/media.ts";

/** Has the new files of these numbers fetched. Waits for nothing, and never fails: the schedule finds what was not told. */
export function wakeFetchers(env: Env, organizationPhoneIds: number[]): void {
  for (const id of organizationPhoneIds) {
    fetcherOf(env, id)
      .wake()
      .catch(() => undefined);
  }
}

/** Has every number's files fetched that are due. */
export async function sweepFiles(env: Env): Promise<void> {
  const phones = await phonesWithDueFiles(connect(databaseUrlOf(env)), new Date());
  await Promise.allSettled(phones.map((id) => fetcherOf(env, id).wake()));
}

function fetcherOf(env: Env, organizationPhoneId: number) {
  return env.MEDIA_FETCHER.getByName(String(organizationPhoneId));
}
