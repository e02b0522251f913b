import type { PostgresServer } from "../../../src/local/postgres.ts";
import { newCleanup } from "./cleanup.ts";
import { runSql, startCluster } from "./database.ts";
import { startPeer } from "./peer.ts";
import { startProduct } from "./product.ts";
import type { System } from "./system.ts";

export type TestBed = {
  postgres: PostgresServer;
  /** The product, then the peers in the order of `peers`. */
  systems: System[];
};

type TestBedOptions = { peers: string[]; graphUrl?: string };

/** Graph's URL for workloads that send nothing: it refuses connections. */
const NO_GRAPH = "http://127.0.0.1:9";

/** Runs `work` with one Postgres, the product and the peers, and stops all of them afterwards. */
export async function withTestBed<Result>(
  { peers, graphUrl = NO_GRAPH }: TestBedOptions,
  work: (testBed: TestBed) => Promise<Result>,
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

/** Updates statistics and visibility, as autovacuum would within a minute, but for all systems and not during a round. */
export async function vacuum({ systems }: TestBed): Promise<void> {
  for (const { databaseUrl } of systems) await runSql(databaseUrl, "vacuum analyze");
}
