import type { PostgresServer } from "../../../src/local/postgres.ts";
import { newCleanup } from "./cleanup.ts";
import { runSql, startCluster } from "./database.ts";
import { startPeer } from "./peer.ts";
import { startProduct } from "./product.ts";
import type { System } from "./system.ts";

export type Stage = {
  postgres: PostgresServer;
  /** The product first, then the peers in the order asked for. */
  systems: System[];
};

type StageOptions = { peers: string[]; graphUrl?: string };

/** What Graph is where nothing is sent: an address that refuses. */
const NO_GRAPH = "http://127.0.0.1:9";

/** Starts one Postgres, the product and peers on it; ends all of it after the work, also when that fails. */
export async function onStage<Result>(
  { peers, graphUrl = NO_GRAPH }: StageOptions,
  work: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const cleanup = newCleanup();
  try {
    const postgres = await startCluster();
    cleanup.add(postgres, () => postgres.stop());
    const systems: System[] = [];
    const product = await startProduct(postgres, graphUrl);
    systems.push(cleanup.add(product, () => product.stop()));
    for (const name of peers) {
      const peer = await startPeer(name, postgres, graphUrl);
      systems.push(cleanup.add(peer, () => peer.stop()));
    }
    return await work({ postgres, systems });
  } finally {
    await cleanup.run();
  }
}

/** Brings statistics and visibility up to date, as autovacuum would within a minute: for all alike, and not amid a round. */
export async function vacuum({ systems }: Stage): Promise<void> {
  for (const { databaseUrl } of systems) await runSql(databaseUrl, "vacuum analyze");
}
