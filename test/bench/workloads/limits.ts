import { createHmac, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import pg from "pg";
import { closedLoop } from "../load/closed-loop.ts";
import { httpRequest } from "../load/http-request.ts";
import { bodyOf, texts } from "../load/webhooks.ts";
import { interleave, type Rounds } from "../measure/rounds.ts";
import { APP_SECRET, FIRST_PHONE } from "../settings.ts";
import { figureOf, median } from "../statistics.ts";
import { startNodeProcess } from "../systems/node-process.ts";
import { type TestBed, withTestBed } from "../systems/test-bed.ts";
import type { Figure, Workload, WorkloadOptions } from "../workload.ts";

type Limit = {
  id: string;
  label: string;
  unit: string;
  /** Measures one round, in `unit`. */
  run: () => Promise<number>;
};

export const limits: Workload = {
  name: "limits",
  about: "The cost of single parts: no system that uses them can be faster.",
  run: async (options) => {
    const empty = await startNodeProcess(join(import.meta.dirname, "../systems/empty-server.ts"));
    try {
      return await withTestBed({ peers: [] }, (testBed) => measure(testBed, empty.port, options));
    } finally {
      await empty.stop();
    }
  },
};

async function measure(testBed: TestBed, emptyPort: number, options: WorkloadOptions): Promise<Figure[]> {
  const durationMs = options.quick ? 500 : 2_000;
  const productPort = testBed.systems[0]?.port ?? 0;
  const client = new pg.Client(testBed.postgres.url("product"));
  await client.connect();
  try {
    await client.query(
      `create table "Limit" (id integer generated always as identity primary key, body text)`,
    );
    const all: Limit[] = [
      {
        id: "limit-verify",
        label: "HMAC and JSON.parse of one webhook, node",
        unit: "µs",
        run: async () => verifyUs(),
      },
      {
        id: "limit-http",
        label: "an empty HTTP server, 64 connections",
        unit: "/s",
        run: () => responsesPerSecond(emptyPort, 64, durationMs),
      },
      {
        id: "limit-healthz",
        label: "the product's /healthz, 64 connections",
        unit: "/s",
        run: () => responsesPerSecond(productPort, 64, durationMs),
      },
      {
        id: "limit-commit",
        label: "one INSERT with commit, 1 connection",
        unit: "ms",
        run: () => commitMs(client, durationMs),
      },
    ];
    for (const { run } of all) await run();
    const rounds = await interleave(
      all.map(({ id, run }) => ({ name: id, run })),
      options,
    );
    return all.map((limit) => limitFigure(limit, rounds));
  } finally {
    await client.end();
  }
}

function limitFigure({ id, label, unit }: Limit, { results, discarded }: Rounds<number>): Figure {
  return figureOf(results[id] ?? [], { id, label, unit, discarded });
}

function verifyUs(): number {
  const bodies = texts(5_000, FIRST_PHONE, 100).messages.map((message) => Buffer.from(bodyOf([message])));
  const signature = createHmac("sha256", APP_SECRET)
    .update(bodies[0] ?? "")
    .digest();
  const startedAtMs = performance.now();
  for (const body of bodies) {
    timingSafeEqual(createHmac("sha256", APP_SECRET).update(body).digest(), signature);
    JSON.parse(body.toString());
  }
  return ((performance.now() - startedAtMs) * 1_000) / bodies.length;
}

async function responsesPerSecond(port: number, connections: number, durationMs: number): Promise<number> {
  const request = httpRequest("GET", "/healthz");
  const requests = new Array<Buffer>(60 * durationMs).fill(request);
  const { accepted, elapsedMs } = await closedLoop({ port, connections, requests, durationMs });
  return (accepted.length / elapsedMs) * 1_000;
}

async function commitMs(client: pg.Client, durationMs: number): Promise<number> {
  const tookMs: number[] = [];
  for (const endsAtMs = performance.now() + durationMs; performance.now() < endsAtMs; ) {
    const startedAtMs = performance.now();
    await client.query({ name: "limit", text: `insert into "Limit" (body) values ($1)`, values: ["a text"] });
    tookMs.push(performance.now() - startedAtMs);
  }
  return median(tookMs);
}
