import type { InboundEvent } from "../domain/inbound-event.ts";
import { errorName, log } from "../log.ts";

/** A row of an object's SQLite may have 2 MB, and a character up to three bytes. */
const PART_LENGTH = 500_000;

/** What waits is bounded: a shard that fills up for hours must still be able to empty itself. */
const LIMIT_BYTES = 2_000_000_000;

export type Spooled = { id: number; event: InboundEvent; tries: number };

/** How much waits, and since when; `bytes` is the whole database's size. */
export type SpoolState = { depth: number; bytes: number; oldestAtMs: number | null };

/**
 * The journal of events that are acknowledged and not in Postgres yet, oldest first. Rows are written in trouble only, for
 * each costs, and there is no second index. Whatever is written in one turn becomes durable together, and before any
 * answer leaves the object (the output gate).
 */
export class Spool {
  readonly #storage: DurableObjectStorage;
  readonly #limitBytes: number;
  readonly #sql: ReturnType<typeof statementsFor>;
  /** The newest id of this life. None is given twice: whoever has read it may remove it yet. */
  #lastId = 0;

  /**
   * `imports` holds old messages, so that what is new need not wait behind them. They are refused once half of the room is
   * taken, so that what is new finds room besides. `limitBytes`: of all that the object stores.
   */
  constructor(storage: DurableObjectStorage, table: Table = "spool", limitBytes = LIMIT_BYTES) {
    this.#storage = storage;
    this.#limitBytes = table === "imports" ? limitBytes / 2 : limitBytes;
    this.#sql = statementsFor(table);
    storage.sql.exec(this.#sql.create);
  }

  /** Writes events down, all or none; gives their ids. Null when there is no room: then nothing was written. */
  add(events: InboundEvent[], nowMs: number): number[] | null {
    try {
      if (this.#storage.sql.databaseSize >= this.#limitBytes) throw new Error("the limit is reached");
      // An exception alone (SQLITE_FULL) would not undo what was written before it.
      return this.#storage.transactionSync(() => this.#write(events, nowMs));
    } catch (error) {
      log("spool_full", { count: events.length, error: errorName(error) });
      return null;
    }
  }

  /** The oldest events that are due, less those in `held`, whose commit is still under way. */
  oldest(limit: number, nowMs: number, held: ReadonlySet<number>): Spooled[] {
    const rows = this.#storage.sql.exec<{ id: number; part: number; text: string; tries: number }>(
      this.#sql.due,
      nowMs,
    );
    const found: { id: number; tries: number; text: string }[] = [];
    for (const { id, part, text, tries } of rows) {
      if (held.has(id)) continue;
      const open = found.at(-1);
      if (part > 0 && open?.id === id) open.text += text;
      else if (found.length === limit) break;
      else found.push({ id, tries, text });
    }
    // Written by `add`, so it has the shape of an event.
    return found.map(({ id, tries, text }) => ({ id, tries, event: JSON.parse(text) as InboundEvent }));
  }

  remove(ids: number[]): void {
    for (const id of ids) this.#storage.sql.exec(this.#sql.remove, id);
  }

  /** Puts events off that failed for a reason of their own, so that they hold up nobody. */
  putOff(ids: number[], dueAtMs: number): void {
    for (const id of ids) this.#storage.sql.exec(this.#sql.putOff, dueAtMs, id);
  }

  isEmpty(): boolean {
    return this.#storage.sql.exec(this.#sql.any).toArray().length === 0;
  }

  state(): SpoolState {
    const state = this.#storage.sql.exec<{ depth: number; oldestAtMs: number | null }>(this.#sql.state).one();
    return { ...state, bytes: this.#storage.sql.databaseSize };
  }

  /** When the first of what waits is due; null when nothing waits. */
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

/** All that is said to SQLite: a name of a table cannot be a parameter. */
function statementsFor(table: Table) {
  return {
    create: `CREATE TABLE IF NOT EXISTS ${table} (
      id INTEGER NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL, "spooledAtMs" INTEGER NOT NULL,
      "dueAtMs" INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (id, part)) WITHOUT ROWID`,
    last: `SELECT coalesce(max(id), 0) AS last FROM ${table}`,
    insert: `INSERT INTO ${table} (id, part, text, "spooledAtMs") VALUES (?, ?, ?, ?)`,
    due: `SELECT id, part, text, tries FROM ${table} WHERE "dueAtMs" <= ? ORDER BY id, part`,
    nextDue: `SELECT min("dueAtMs") AS "dueAtMs" FROM ${table}`,
    putOff: `UPDATE ${table} SET tries = tries + 1, "dueAtMs" = ? WHERE id = ?`,
    remove: `DELETE FROM ${table} WHERE id = ?`,
    any: `SELECT id FROM ${table} LIMIT 1`,
    state: `SELECT count(*) AS depth, min("spooledAtMs") AS "oldestAtMs" FROM ${table} WHERE part = 0`,
  };
}

/** Cuts a text, but never through a surrogate pair: as UTF-8 its halves would be lost. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const to = Math.min(from + PART_LENGTH, text.length);
    const cutsPair = to < text.length && /[\uD800-\uDBFF]/.test(text.charAt(to - 1));
    const end = cutsPair ? to - 1 : to;
    parts.push(text.slice(from, end));
    from = end;
  }
  return parts;
}
