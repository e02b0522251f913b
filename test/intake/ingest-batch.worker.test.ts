import { NeonDbError } from "@neondatabase/serverless";
import { describe, it } from "vitest";
import { nothingCommitted } from "../../src/db/committed.ts";
import type { InboundEvent, InboundNotice } from "../../src/domain/inbound-event.ts";
import type { StoredNotice } from "../../src/domain/parsed-notice.ts";
import { type IngestDeps, ingestBatch } from "../../src/intake/ingest-batch.ts";
import { anErrorOf } from "./events.ts";

const names = (events: InboundEvent[]) => events.map((event) => ("field" in event ? event.field : null));

/** A database that rejects some events. `refuse` returns the SQLSTATE or error of a call, null to store all. */
function aDatabase(refuse: (fields: (string | null)[], call: number) => string | Error | null) {
  const stored: (string | null)[] = [];
  const quarantined: (string | null)[] = [];
  const waits: number[] = [];
  let calls = 0;
  const deps: IngestDeps = {
    ingest: async (events) => {
      calls += 1;
      const refusal = refuse(names(events), calls);
      if (refusal instanceof Error) throw refusal;
      if (refusal !== null) throw anErrorOf(refusal);
      stored.push(...names(events));
      const chatIds = names(events).map((name) => name?.charCodeAt(0) ?? 0);
      return { ...nothingCommitted, events: chatIds.map(committedEvent), unknownPhones: 0 };
    },
    findLocked: async (events) => new Set(events.filter((event) => names([event])[0] === "l")),
    quarantine: async (event) => {
      quarantined.push(...names([event]));
    },
    wait: async (ms) => {
      waits.push(ms);
    },
    random: () => 0.5,
  };
  return { deps, stored, quarantined, waits, calls: () => calls };
}

describe("a batch", () => {
  it("is stored in one call, and returns what was committed of each event", async ({ expect }) => {
    const { deps, stored, calls } = aDatabase(() => null);
    const { errors, committed } = await ingestBatch(events("abc"), deps);
    expect([calls(), stored, errors]).toEqual([1, ["a", "b", "c"], [null, null, null]]);
    expect(committed.events.map(({ chatId }) => String.fromCharCode(chatId))).toEqual(["a", "b", "c"]);
  });

  it.for(["x", "xabcdefg", "abcdefgx", "abcxdefg", "xx", "axbxc"])(
    "stores all events but those that the database rejects, and quarantines these: %s",
    async (list, { expect }) => {
      const { deps, stored, quarantined } = aDatabase((fields) => (fields.includes("x") ? "22P05" : null));
      const { errors, committed } = await ingestBatch(events(list), deps);
      const good = [...list].filter((name) => name !== "x");
      expect(stored).toEqual(good);
      expect(quarantined).toEqual([...list].filter((name) => name === "x"));
      expect(errors).toEqual([...list].map(() => null));
      expect(committed.events.map(({ chatId }) => String.fromCharCode(chatId))).toEqual(good);
    },
  );

  it("fails all events of a locked chat at once, without quarantine, and stores the others in one call", async ({
    expect,
  }) => {
    const { deps, stored, quarantined, calls } = aDatabase((fields) =>
      fields.includes("l") ? "55P03" : null,
    );
    const { errors } = await ingestBatch(events("albllclld"), deps);
    expect(stored).toEqual(["a", "b", "c", "d"]);
    expect([quarantined, calls()]).toEqual([[], 2]);
    expect(errors.map((error) => error !== null)).toEqual([..."010110110"].map((digit) => digit === "1"));
  });

  it("makes no further call when all its chats are locked, or when nobody can say which are", async ({
    expect,
  }) => {
    const { deps, calls } = aDatabase(() => "55P03");
    expect((await ingestBatch(events("lll"), deps)).errors.every((error) => error !== null)).toBe(true);
    const away = { ...deps, findLocked: () => Promise.reject(anErrorOf("55P03")) };
    expect((await ingestBatch(events("abc"), away)).errors.every((error) => error !== null)).toBe(true);
    expect(calls()).toBe(2);
  });

  it("is bisected when the lock is on something else than a chat", async ({ expect }) => {
    const { deps, stored } = aDatabase((fields) => (fields.includes("x") ? "55P03" : null));
    const { errors } = await ingestBatch(events("abxcd"), deps);
    expect(stored).toEqual(["a", "b", "c", "d"]);
    expect(errors.map((error) => error !== null)).toEqual([false, false, true, false, false]);
  });

  it("fails only an event that can be neither stored nor quarantined", async ({ expect }) => {
    const { deps, stored } = aDatabase((fields) => (fields.includes("x") ? "22P05" : null));
    const full = { ...deps, quarantine: () => Promise.reject(anErrorOf("53100")) };
    const { errors } = await ingestBatch(events("axb"), full);
    expect(stored).toEqual(["a", "b"]);
    expect(errors.map((error) => error !== null)).toEqual([false, true, false]);
  });

  it.for(["40P01", "40001", "23505"])(
    "is retried after %s, with growing delays",
    async (code, { expect }) => {
      const { deps, stored, waits } = aDatabase((_, call) => (call < 4 ? code : null));
      const { errors } = await ingestBatch(events("ab"), deps);
      expect(errors).toEqual([null, null]);
      expect(stored).toEqual(["a", "b"]);
      expect(waits).toEqual([10, 20, 30]);
    },
  );

  it.for(["40P01", "40001", "23505", "42703", "42883", "42P01"])(
    "fails only the event that keeps meeting %s, without quarantining it: the event is not at fault",
    async (code, { expect }) => {
      const { deps, stored, quarantined } = aDatabase((fields) => (fields.includes("x") ? code : null));
      const { errors } = await ingestBatch(events("axb"), deps);
      expect(stored).toEqual(["a", "b"]);
      expect(quarantined).toEqual([]);
      expect(errors.map((error) => error !== null)).toEqual([false, true, false]);
    },
  );

  it("returns the merges and conflicts of all its parts", async ({ expect }) => {
    const pair = { organizationId: 1, contactId: 1, otherContactId: 2 };
    const news = { merges: [{ ...pair, mergeId: 1 }], conflicts: [pair] };
    const { deps } = aDatabase((fields) => (fields.includes("x") ? "22P05" : null));
    const withNews: IngestDeps = {
      ...deps,
      ingest: async (batch) => ({ ...(await deps.ingest(batch)), identities: news }),
    };
    const { merges, conflicts } = news;
    expect((await ingestBatch(events("axb"), withNews)).identities).toEqual({
      merges: [...merges, ...merges],
      conflicts: [...conflicts, ...conflicts],
    });
  });

  it("returns the notices of all its parts, and that Postgres became unavailable in between", async ({
    expect,
  }) => {
    const { deps, stored, quarantined } = aDatabase((fields) =>
      fields.length > 1 ? "22P05" : fields.includes("x") ? "57P01" : null,
    );
    const detail = { subject: {} };
    const notice = {
      id: 1,
      kind: "other",
      severity: "critical",
      title: "",
      detail,
    } as unknown as StoredNotice;
    const withNews: IngestDeps = {
      ...deps,
      ingest: async (batch) => ({
        ...(await deps.ingest(batch)),
        notices: [{ organizationId: 1, inboxWatched: true, notice }],
      }),
    };
    const { committed, errors, isUnavailable } = await ingestBatch(events("axb"), withNews);
    expect([stored, quarantined, isUnavailable]).toEqual([["a", "b"], [], true]);
    expect(errors.map((error) => error !== null)).toEqual([false, true, false]);
    expect(committed.notices).toHaveLength(2);
  });

  it.for([413, 507])(
    "is halved when it is too large, with status %i, and its largest event stored raw",
    async (status, { expect }) => {
      const tooLarge = new NeonDbError(`Server error (HTTP status ${status}): {"message":"too large"}`);
      const { deps, stored, quarantined } = aDatabase((fields) =>
        fields.length > 2 || fields.includes("x") ? tooLarge : null,
      );
      const { errors, isUnavailable } = await ingestBatch(events("abcdxe"), deps);
      expect([stored, quarantined, isUnavailable]).toEqual([["a", "b", "c", "d", "e"], ["x"], false]);
      expect(errors).toEqual(Array(6).fill(null));
    },
  );

  it("adds up the unknown phones of all its parts", async ({ expect }) => {
    const { deps } = aDatabase((fields) => (fields.includes("x") ? "22P05" : null));
    const counting: IngestDeps = {
      ...deps,
      ingest: async (batch) => ({ ...(await deps.ingest(batch)), unknownPhones: batch.length }),
    };
    expect((await ingestBatch(events("axb"), counting)).unknownPhones).toBe(2);
  });

  it.for<[string, string | Error]>([
    ["a database that shuts down", "57P01"],
    ["too many connections", "53300"],
    ["a password that is no longer valid", "28P01"],
    ["a database that does not exist", "3D000"],
    ["a disk that is full", "53100"],
    ["a read-only database", "25006"],
    ["a connection that breaks", "08006"],
    ["a read of the storage that breaks", "XX000"],
    ["a session that was ended while idle", "25P03"],
    ["a transaction that the owner's limit ended", "25P04"],
    ["a plan made for an older table", "0A000"],
    ["an answer that is cut off", new SyntaxError("Unexpected end of JSON input")],
    ["a call that is aborted amid the answer", new DOMException("The operation was aborted", "AbortError")],
    ["a call that takes too long, code 23", new DOMException("The operation timed out", "TimeoutError")],
    ["an error whose code is the number 23", Object.assign(new NeonDbError("timed out"), { code: 23 })],
    ["a refusal without a code", new NeonDbError("password authentication failed")],
    ["a client that went away", "08P01"],
    ["a query that was cancelled", "57014"],
    ["a proxy that cannot connect", new NeonDbError('Server error (HTTP status 500): {"message":"quota"}')],
    ["an endpoint that does not answer", new TypeError("fetch failed")],
    ["an answer that is not from Postgres", new NeonDbError("Server error (HTTP status 502)")],
  ])("fails as a whole, without retries or quarantine: %s", async ([, refusal], { expect }) => {
    const { deps, stored, quarantined, calls } = aDatabase(() => refusal);
    const { errors, committed } = await ingestBatch(events("abcd"), deps);
    expect(errors.every((error) => error instanceof Error)).toBe(true);
    expect([errors.length, calls(), stored, quarantined, committed]).toEqual([
      4,
      1,
      [],
      [],
      nothingCommitted,
    ]);
  });
});

function events(list: string): InboundEvent[] {
  const empty = { kind: "notice", phoneNumberId: null, wabaId: null, reason: null, raw: null } as const;
  return [...list].map((field): InboundNotice => ({ ...empty, field, source: "{}" }));
}

function committedEvent(chatId: number) {
  return {
    chatId,
    seq: 1,
    event: "message.created" as const,
    isNew: true,
    messageId: 1,
    fromMe: false,
    message: null,
    activity: null,
    note: null,
  };
}
