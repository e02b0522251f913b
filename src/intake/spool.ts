import type { InboundEvent } from "../domain/inbound-event.ts";
import { errorName, log } from "../log.ts";

/** A row in an object's SQLite may have 2 MB, and a UTF-16 unit takes up to three bytes. */
const PART_LENGTH = 500_000;

/** Bounded, so that a shard can still drain after an outage of hours. */
const LIMIT_BYTES = 2_000_000_000;

export type SpooledEvent = { id: number; event: InboundEvent; tries: number };

/** `depth`: number of spooled events. `bytes`: size of the object's whole database. */
export type SpoolState = { depth: number; bytes: number; oldestAtMs: number | null };

/**
 * The journal of events that are acknowledged but not in Postgres yet, oldest first. Written only when Postgres fails, and
 * without a second index, because each row costs. The writes of one turn become durable together, and before any response
 * leaves the object (the output gate).
 */
export class Spool {
  readonly #storage: DurableObjectStorage;
  readonly #limitBytes: number;
  readonly #sql: ReturnType<typeof statementsFor>;
  /** The newest id since the object woke. Never reused: a concurrent drain may still remove an id that it has read. */
  #lastId = 0;

  /**
   * `imports` stores imported history apart, so that new events do not wait behind it. It may fill only half of the space, so
   * that new events always find some. `limitBytes` applies to the object's whole database.
   */
  constructor(storage: DurableObjectStorage, table: Table = "spool", limitBytes = LIMIT_BYTES) {
    this.#storage = storage;
    this.#limitBytes = table === "imports" ? limitBytes / 2 : limitBytes;
    this.#sql = statementsFor(table);
    storage.sql.exec(this.#sql.create);
  }

  /** Stores all events or none. Returns their ids, or null when the spool is full. */
  add(events: InboundEvent[], nowMs: number): number[] | null {
    try {
      if (this.#storage.sql.databaseSize >= this.#limitBytes) throw new Error("the limit is reached");
      // Without a transaction an exception (SQLITE_FULL) would not roll back earlier rows.
      return this.#storage.transactionSync(() => this.#write(events, nowMs));
    } catch (error) {
      log("spool_full", { count: events.length, error: errorName(error) });
      return null;
    }
  }

  /** The oldest due events, without those whose commit is still in flight. */
  oldest(limit: number, nowMs: number, inFlight: ReadonlySet<number>): SpooledEvent[] {
    const rows = this.#storage.sql.exec<{ id: number; part: number; text: string; tries: number }>(
      this.#sql.due,
      nowMs,
    );
    const found: { id: number; tries: number; text: string }[] = [];
    for (const { id, part, text, tries } of rows) {
      if (inFlight.has(id)) continue;
      const last = found.at(-1);
      if (part > 0 && last?.id === id) last.text += text;
      else if (found.length === limit) break;
      else found.push({ id, tries, text });
    }
    // Only `add` writes rows, so each has the shape of an event.
    return found.map(({ id, tries, text }) => ({ id, tries, event: JSON.parse(text) as InboundEvent }));
  }

  remove(ids: number[]): void {
    for (const id of ids) this.#storage.sql.exec(this.#sql.remove, id);
  }

  /** Counts a try and defers the events until `dueAtMs`, so that they do not block others. */
  defer(ids: number[], dueAtMs: number): void {
    for (const id of ids) this.#storage.sql.exec(this.#sql.defer, dueAtMs, id);
  }

  isEmpty(): boolean {
    return this.#storage.sql.exec(this.#sql.any).toArray().length === 0;
  }

  state(): SpoolState {
    const state = this.#storage.sql.exec<{ depth: number; oldestAtMs: number | null }>(this.#sql.state).one();
    return { ...state, bytes: this.#storage.sql.databaseSize };
  }

  /** When the first event is due; null when the spool is empty. */
  nextDueAtMs(): number | null {
    return this.#storage.sql.exec<{ dueAtMs: number | null }>(this.#sql.nextDue).one().dueAtMs;
  }

  #write(events: InboundEvent[], nowMs: number): number[] {
    const { last } = this.#storage.sql.exec<{ last: number }>(this.#sql.last).one();
    this.#lastId = Math.max(this.#lastId, last);
    return events.map((event) => {
      this.#lastId += 1;
      const id = this.#lastId;
      for (const [part, text] of partsOf(JSON.stringify(event)).entries()) {
        this.#storage.sql.exec(this.#sql.insert, id, part, text, nowMs);
      }
      return id;
    });
  }
}

type Table = "spool" | "imports";

/** The SQL per table, because a table name cannot be a parameter. */
function statementsFor(table: Table) {
  return {
    create: `CREATE TABLE IF NOT EXISTS ${table} (
      id INTEGER NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL, "spooledAtMs" INTEGER NOT NULL,
      "dueAtMs" INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (id, part)) WITHOUT ROWID`,
    last: `SELECT coalesce(max(id), 0) AS last FROM ${table}`,
    insert: `INSERT INTO ${table} (id, part, text, "spooledAtMs") VALUES (?, ?, ?, ?)`,
    due: `SELECT id, part, text, tries FROM ${table} WHERE "dueAtMs" <= ? ORDER BY id, part`,
    nextDue: `SELECT min("dueAtMs") AS "dueAtMs" FROM ${table}`,
    defer: `UPDATE ${table} SET tries = tries + 1, "dueAtMs" = ? WHERE id = ?`,
    remove: `DELETE FROM ${table} WHERE id = ?`,
    any: `SELECT id FROM ${table} LIMIT 1`,
    state: `SELECT count(*) AS depth, min("spooledAtMs") AS "oldestAtMs" FROM ${table} WHERE part = 0`,
  };
}

/** Splits a text, but never inside a surrogate pair: its halves have no UTF-8 form. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const to = Math.min(from + PART_LENGTH, text.length);
    const splitsPair = to < text.length && /[\uD800-\uDBFF]/.test(text.charAt(to - 1));
    const end = splitsPair ? to - 1 : to;
    parts.push(text.slice(from, end));
    from = end;
  }
  return parts;
}
