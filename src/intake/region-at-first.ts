import type { Config } from "../config.ts";
import { databaseRegionOf } from "../region.ts";

const KEY = "region";

/**
 * The region in which the database was when this was first asked of an object, which is within a minute of its creation: there the
 * object is, since it never moves. Null where the database is not Neon's.
 */
export function regionAtFirst(storage: SyncKvStorage, config: Config): string | null {
  const known = storage.get<string>(KEY);
  if (known !== undefined) return known;
  const region = databaseRegionOf(config);
  if (region !== null) storage.put(KEY, region);
  return region;
}
