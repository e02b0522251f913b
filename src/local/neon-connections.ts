import pg from "pg";

const IDLE_TIMEOUT_MS = 300_000;

/** Everything of a session but its plans. */
const RESET =
  "reset all; reset session authorization; unlisten *; select pg_advisory_unlock_all(); discard temp";

/** Leaves values as Postgres sends them: the driver expects text and has its own parsers. */
const rawText = { getTypeParser: () => (value: string) => value };

export type Lease = {
  client: pg.Client;
  /** Gives the connection back, or ends it when it `isDirty`. */
  release: (isDirty: boolean) => void;
  /** Cancels what the connection executes; it is ended by its release. */
  cancel: () => Promise<void>;
};

export type ConnectionLimits = { kept: number; permits: number };

/** Thrown where every permit is taken. */
class NoPermit extends Error {
  override readonly name = "NoPermit";
}

type Target = { port: number; user: string; database: string };

/** The connections of one user to one database. */
export class Connections {
  readonly #config: pg.ClientConfig;
  readonly #pool: pg.Pool;
  #leased = 0;

  /** `max`: of the pool; further requests wait for a free connection, unless a lease has limits of its own. */
  constructor(target: Target, max: number) {
    const connection = {
      host: "127.0.0.1",
      password: "any",
      keepAlive: true,
      pipeline: true,
      types: rawText,
    };
    this.#config = { ...connection, ...target };
    this.#pool = new pg.Pool({ ...this.#config, max, idleTimeoutMillis: IDLE_TIMEOUT_MS });
    // A connection that breaks rejects its own requests, and the pool has already removed it.
    this.#pool.on("error", ignore).on("connect", (client) => client.on("error", ignore));
  }

  /** A connection of the pool, or a new one where `limits` are given and more than `kept` are in use. Throws `NoPermit`. */
  async lease(limits: ConnectionLimits | null): Promise<Lease> {
    if (limits && this.#leased >= limits.permits) throw new NoPermit("no permit for another connection");
    this.#leased += 1;
    try {
      return limits && this.#leased > limits.kept ? await this.#newConnection() : await this.#pooled();
    } catch (error) {
      this.#leased -= 1;
      throw error;
    }
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }

  async #pooled(): Promise<Lease> {
    const client = await this.#pool.connect();
    return this.#leaseOf(client, (isDirty) => client.release(isDirty));
  }

  async #newConnection(): Promise<Lease> {
    const client = new pg.Client(this.#config);
    client.on("error", ignore);
    await client.connect();
    return this.#leaseOf(client, () => void client.end().catch(ignore));
  }

  #leaseOf(client: pg.Client, giveBack: (isDirty: boolean) => void): Lease {
    let isCancelled = false;
    return {
      client,
      release: (isDirty) => {
        this.#leased -= 1;
        giveBack(isDirty || isCancelled);
      },
      cancel: async () => {
        isCancelled = true;
        const other = new pg.Client(this.#config);
        other.on("error", ignore);
        await other.connect();
        const { processID } = client as pg.Client & { processID: number };
        await other.query("select pg_cancel_backend($1)", [processID]);
        await other.end();
      },
    };
  }
}

/** Makes the session of a clean connection as it was at its start. Not awaited: it runs its statements in order. */
export function resetSession(client: pg.Client): void {
  client.query(RESET).catch(ignore);
}

function ignore(): void {}
