import type { Shard } from "../domain/spooled-event.ts";
import { generationOf, objectBesideDatabase } from "../region.ts";
import { orTimeout } from "../with-timeout.ts";
import type { CommitCounts } from "./commit-counts.ts";
import type { SpoolState } from "./spool.ts";

declare global {
  /** The number of shards that a Worker starts with. Set in wrangler.toml. */
  const MIN_SHARDS: number;
}

/**
 * A shard's spool, the number of history messages to import, and its commits since it woke. `region`: see
 * regionAtFirst.
 */
export type ShardState = Shard &
  SpoolState & { imports: number; region: string | null; commits: CommitCounts };

/** A shard only reads its own memory and storage for that. */
const STATE_LIMIT_MS = 10_000;

/** A shard, of the generation in use unless another is given. */
export function shardNamed(env: Env, shard: number, generation?: number) {
  return objectBesideDatabase(env, env.INTAKE, `shard-${shard}`, generation);
}

/** The state of every shard that was ever used. The call wakes a shard, which then drains. Throws when one does not answer. */
export async function spoolStates(env: Env): Promise<ShardState[]> {
  return await orTimeout(STATE_LIMIT_MS, readStates(env), "a shard did not answer in time");
}

async function readStates(env: Env): Promise<ShardState[]> {
  return await Promise.all(
    (await shardsInUse(env)).map(async ({ generation, shard }) => {
      const intake = shardNamed(env, shard, generation);
      const [spool, commits] = await Promise.all([intake.spoolState(), intake.commitCounts()]);
      return { generation, shard, ...spool, commits };
    }),
  );
}

/**
 * The shards that may hold spooled events, the oldest generation first: those of earlier ones drain into the database of now. The
 * first shard of each generation stores how many of it were ever used.
 */
export async function shardsInUse(env: Env): Promise<Shard[]> {
  const generations = Array.from({ length: generationOf(env) + 1 }, (_, generation) => generation);
  const shards = await Promise.all(
    generations.map(async (generation) => {
      const count = Math.max(await shardNamed(env, 0, generation).shardsEverUsed(), MIN_SHARDS);
      return Array.from({ length: count }, (_, shard) => ({ generation, shard }));
    }),
  );
  return shards.flat();
}
