import { INGEST_LIMIT_BYTES, ingestBytes } from "../db/ingest-limits.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import type { SPOOLS } from "../domain/spooled-event.ts";
import { errorName, log } from "../log.ts";

/** A row in an object's SQLite may have 2 MB, and a UTF-16 unit takes up to three bytes. */
const PART_LENGTH = 500_000;

/** Bounded, so that a shard can still drain after an outage of hours. */
const LIMIT_BYTES = 2_000_000_000;

/** A page that is looked through reads no more of the spool than this, unless a single event is larger. */
const BROWSE_LIMIT_EVENTS = 1_000;
const BROWSE_LIMIT_CHARACTERS = 4_000_000;

/** `dueAtMs`: 0 for an event that never failed on its own. */
export type SpooledEvent = {
  id: number;
  event: InboundEvent;
  tries: number;
  spooledAtMs: number;
  dueAtMs: number;
};

type SpoolRow = Omit<SpooledEvent, "event"> & { text: string };

/** `depth`: number of spooled events. `bytes`: size of the object's whole database. */
export type SpoolState = { depth: number; bytes: number; oldestAtMs: number | null };

/** `deferred`: when each event is due that failed before. They are few: what waits for Postgres is not deferred. */
type Counts = { depth: number; deferred: Map<number, number> };

const countsOf = new WeakMap<DurableObjectStorage, Partial<Record<Table, Counts>>>();

/**
 * The journal of events that are acknowledged but not in Postgres yet, oldest first. Written only when Postgres fails, and
 * without a second index, because each row costs. The writes of one turn become durable together, and before any response
 * leaves the object (the output gate). How many events there are and when the next is due is kept in memory, from one read of
 * the table in the life of the object: a long spool is looked at every second.
 */
export class Spool {
  readonly #storage: DurableObjectStorage;
  readonly #table: Table;
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
    this.#table = table;
    this.#limitBytes = table === "imports" ? limitBytes / 2 : limitBytes;
    this.#sql = statementsFor(table);
    storage.sql.exec(this.#sql.create);
  }

  /** Stores all events or none. Returns their ids, or null when the spool is full. */
  add(events: InboundEvent[], nowMs: number): number[] | null {
    try {
      if (this.#storage.sql.databaseSize >= this.#limitBytes) throw new Error("the limit is reached");
      // Without a transaction an exception (SQLITE_FULL) would not roll back earlier rows.
      // Read before: it must not count what is about to be written.
      const known = this.#counts();
      const ids = this.#storage.transactionSync(() => this.#write(events, nowMs));
      known.depth += ids.length;
      return ids;
    } catch (error) {
      log("spool_full", { count: events.length, error: errorName(error) });
      return null;
    }
  }

  /** The oldest due events, as many as one call may store, without those whose commit is still in flight. */
  oldest(limit: number, nowMs: number, inFlight: ReadonlySet<number>): SpooledEvent[] {
    const found: SpooledEvent[] = [];
    let bytes = 0;
    for (const spooled of this.#due(nowMs, inFlight)) {
      bytes += ingestBytes(spooled.event);
      if (found.length > 0 && bytes > INGEST_LIMIT_BYTES) break;
      found.push(spooled);
      if (found.length === limit) break;
    }
    return found;
  }

  /**
   * The first `limit` events after an id that match, oldest first. Reads a bounded part of the spool: `nextRow` is the id to go on
   * after, or null at the end.
   */
  browse(afterId: number, limit: number, matches: (event: InboundEvent) => boolean) {
    const events: SpooledEvent[] = [];
    let [read, characters, lastId] = [0, 0, afterId];
    for (const row of this.#rows(this.#sql.after, afterId)) {
      if (events.length === limit || read === BROWSE_LIMIT_EVENTS || characters > BROWSE_LIMIT_CHARACTERS)
        return { events, nextRow: lastId };
      read += 1;
      characters += row.text.length;
      lastId = row.id;
      const spooled = toSpooled(row);
      if (matches(spooled.event)) events.push(spooled);
    }
    return { events, nextRow: null };
  }

  find(id: number): SpooledEvent | null {
    const [row] = this.#rows(this.#sql.byId, id);
    return row ? toSpooled(row) : null;
  }

  *#due(nowMs: number, inFlight: ReadonlySet<number>): Generator<SpooledEvent> {
    for (const row of this.#rows(this.#sql.due, nowMs)) if (!inFlight.has(row.id)) yield toSpooled(row);
  }

  /** The rows of a statement, each with all its parts. */
  *#rows(statement: string, parameter: number): Generator<SpoolRow> {
    let whole: SpoolRow | null = null;
    for (const { part: _, ...row } of this.#storage.sql.exec<SpoolRow & { part: number }>(
      statement,
      parameter,
    )) {
      if (whole?.id === row.id) {
        whole.text += row.text;
        continue;
      }
      if (whole) yield whole;
      whole = row;
    }
    if (whole) yield whole;
  }

  remove(ids: number[]): void {
    const known = this.#counts();
    for (const id of ids) {
      // An id may be removed twice: by the drain, and by a commit that was slow.
      if (this.#storage.sql.exec(this.#sql.remove, id).rowsWritten === 0) continue;
      known.depth -= 1;
      known.deferred.delete(id);
    }
  }

  /** Counts a try and defers the events until `dueAtMs`, so that they do not block others. */
  defer(ids: number[], dueAtMs: number): void {
    const known = this.#counts();
    for (const id of ids) {
      if (this.#storage.sql.exec(this.#sql.defer, dueAtMs, id).rowsWritten > 0)
        known.deferred.set(id, dueAtMs);
    }
  }

  isEmpty(): boolean {
    return this.#counts().depth === 0;
  }

  state(): SpoolState {
    const { depth } = this.#counts();
    // Ids grow with time.
    const [oldest] = this.#storage.sql.exec<{ spooledAtMs: number }>(this.#sql.first).toArray();
    return { depth, oldestAtMs: oldest?.spooledAtMs ?? null, bytes: this.#storage.sql.databaseSize };
  }

  /** When the first event is due; null when the spool is empty. */
  nextDueAtMs(): number | null {
    const { depth, deferred } = this.#counts();
    if (depth === 0) return null;
    return depth > deferred.size ? 0 : Math.min(...deferred.values());
  }

  /** Read once in the life of the object, then kept up to date. */
  #counts(): Counts {
    const known = countsOf.get(this.#storage)?.[this.#table];
    if (known) return known;
    const { depth } = this.#storage.sql.exec<{ depth: number }>(this.#sql.depth).one();
    const rows = this.#storage.sql.exec<{ id: number; dueAtMs: number }>(this.#sql.deferred).toArray();
    const counts = { depth, deferred: new Map(rows.map(({ id, dueAtMs }) => [id, dueAtMs])) };
    countsOf.set(this.#storage, { ...countsOf.get(this.#storage), [this.#table]: counts });
    return counts;
  }

  #write(events: InboundEvent[], nowMs: number): number[] {
    const { last } = this.#storage.sql.exec<{ last: number }>(this.#sql.last).one();
    // From the time: an id of an event that is gone must not be another one's, for whoever still has it.
    this.#lastId = Math.max(this.#lastId, last, nowMs - 1);
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

/** Only `add` writes rows, so each has the shape of an event. */
function toSpooled({ text, ...row }: SpoolRow): SpooledEvent {
  return { ...row, event: JSON.parse(text) as InboundEvent };
}

type Table = (typeof SPOOLS)[number];

/** The SQL per table, because a table name cannot be a parameter. */
function statementsFor(table: Table) {
  const select = `SELECT id, part, text, tries, "spooledAtMs", "dueAtMs" FROM ${table}`;
  return {
    create: `CREATE TABLE IF NOT EXISTS ${table} (
      id INTEGER NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL, "spooledAtMs" INTEGER NOT NULL,
      "dueAtMs" INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (id, part)) WITHOUT ROWID`,
    last: `SELECT coalesce(max(id), 0) AS last FROM ${table}`,
    insert: `INSERT INTO ${table} (id, part, text, "spooledAtMs") VALUES (?, ?, ?, ?)`,
    due: `${select} WHERE "dueAtMs" <= ? ORDER BY id, part`,
    after: `${select} WHERE id > ? ORDER BY id, part`,
    byId: `${select} WHERE id = ? ORDER BY part`,
    deferred: `SELECT id, "dueAtMs" FROM ${table} WHERE "dueAtMs" > 0 AND part = 0`,
    defer: `UPDATE ${table} SET tries = tries + 1, "dueAtMs" = ? WHERE id = ?`,
    remove: `DELETE FROM ${table} WHERE id = ?`,
    depth: `SELECT count(*) AS depth FROM ${table} WHERE part = 0`,
    first: `SELECT "spooledAtMs" FROM ${table} ORDER BY id, part LIMIT 1`,
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
