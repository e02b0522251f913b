import { NeonDbError } from "@neondatabase/serverless";
import { describe, it } from "vitest";
import { nothingCommitted } from "../../src/db/committed.ts";
import type { InboundEvent, InboundNotice } from "../../src/domain/inbound-event.ts";
import type { StoredNotice } from "../../src/domain/parsed-notice.ts";
import { ingestBatch, type IngestDeps } from "../../src/intake/ingest-batch.ts";
import { anErrorOf } from "./events.ts";

const names = (events: InboundEvent[]) => events.map((event) => ("field" in event ? event.field : null));

/** A database in which some events are bad: `refuse` tells the SQLSTATE of a call, null when it stores all. */
function aDatabase(refuse: (fields: (string | null)[], call: number) => string | Error | null) {
  const stored: (string | null)[] = [];
  const kept: (string | null)[] = [];
  const waits: number[] = [];
  let calls = 0;
  const storing: IngestDeps = {
    ingest: async (events) => {
      calls += 1;
      const refusal = refuse(names(events), calls);
      if (refusal instanceof Error) throw refusal;
      if (refusal !== null) throw anErrorOf(refusal);
      stored.push(...names(events));
      const chatIds = names(events).map((name) => name?.charCodeAt(0) ?? 0);
      return { ...nothingCommitted, events: chatIds.map(committedEvent), unknownPhones: 0 };
    },
    quarantine: async (event) => {
      kept.push(...names([event]));
    },
    wait: async (ms) => {
      waits.push(ms);
    },
    random: () => 0.5,
  };
  return { storing, stored, kept, waits, calls: () => calls };
}

describe("a batch", () => {
  it("is stored in one call, and tells of all", async ({ expect }) => {
    const { storing, stored, calls } = aDatabase(() => null);
    const { errors, committed } = await ingestBatch(events("abc"), storing);
    expect([calls(), stored, errors]).toEqual([1, ["a", "b", "c"], [null, null, null]]);
    expect(committed.events.map(({ chatId }) => String.fromCharCode(chatId))).toEqual(["a", "b", "c"]);
  });

  it.for(["x", "xabcdefg", "abcdefgx", "abcxdefg", "xx", "axbxc"])(
    "stores all but those that the database refuses, which are kept raw: %s",
    async (list, { expect }) => {
      const { storing, stored, kept } = aDatabase((fields) => (fields.includes("x") ? "22P05" : null));
      const { errors, committed } = await ingestBatch(events(list), storing);
      const good = [...list].filter((name) => name !== "x");
      expect(stored).toEqual(good);
      expect(kept).toEqual([...list].filter((name) => name === "x"));
      expect(errors).toEqual([...list].map(() => null));
      expect(committed.events.map(({ chatId }) => String.fromCharCode(chatId))).toEqual(good);
    },
  );

  it("fails a locked chat alone, and keeps none of it as refused", async ({ expect }) => {
    const { storing, stored, kept } = aDatabase((fields) => (fields.includes("l") ? "55P03" : null));
    const { errors } = await ingestBatch(events("ablcd"), storing);
    expect(stored).toEqual(["a", "b", "c", "d"]);
    expect(kept).toEqual([]);
    expect(errors.map((error) => error !== null)).toEqual([false, false, true, false, false]);
  });

  it("fails an item that can neither be stored nor kept, and that alone", async ({ expect }) => {
    const { storing, stored } = aDatabase((fields) => (fields.includes("x") ? "22P05" : null));
    const full = { ...storing, quarantine: () => Promise.reject(anErrorOf("53100")) };
    const { errors } = await ingestBatch(events("axb"), full);
    expect(stored).toEqual(["a", "b"]);
    expect(errors.map((error) => error !== null)).toEqual([false, true, false]);
  });

  it.for(["40P01", "40001", "23505"])(
    "is repeated after %s, a little later each time",
    async (code, { expect }) => {
      const { storing, stored, waits } = aDatabase((_, call) => (call < 4 ? code : null));
      const { errors } = await ingestBatch(events("ab"), storing);
      expect(errors).toEqual([null, null]);
      expect(stored).toEqual(["a", "b"]);
      expect(waits).toEqual([10, 20, 30]);
    },
  );

  it.for(["40P01", "40001", "23505", "42703", "42883", "42P01"])(
    "fails alone with %s, again and again, and is not kept as refused: it is no event's own fault",
    async (code, { expect }) => {
      const { storing, stored, kept } = aDatabase((fields) => (fields.includes("x") ? code : null));
      const { errors } = await ingestBatch(events("axb"), storing);
      expect(stored).toEqual(["a", "b"]);
      expect(kept).toEqual([]);
      expect(errors.map((error) => error !== null)).toEqual([false, true, false]);
    },
  );

  it("tells whom all its parts found to be one, or two", async ({ expect }) => {
    const pair = { organizationId: 1, contactId: 1, otherContactId: 2 };
    const news = { merges: [{ ...pair, mergeId: 1 }], conflicts: [pair] };
    const { storing } = aDatabase((fields) => (fields.includes("x") ? "22P05" : null));
    const telling: IngestDeps = {
      ...storing,
      ingest: async (batch) => ({ ...(await storing.ingest(batch)), identities: news }),
    };
    const { merges, conflicts } = news;
    expect((await ingestBatch(events("axb"), telling)).identities).toEqual({
      merges: [...merges, ...merges],
      conflicts: [...conflicts, ...conflicts],
    });
  });

  it("tells of the notices of all its parts, and that Postgres went away amid them", async ({ expect }) => {
    const { storing, stored, kept } = aDatabase((fields) =>
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
    const telling: IngestDeps = {
      ...storing,
      ingest: async (batch) => ({
        ...(await storing.ingest(batch)),
        notices: [{ organizationId: 1, inboxWatched: true, notice }],
      }),
    };
    const { committed, errors, isUnavailable } = await ingestBatch(events("axb"), telling);
    expect([stored, kept, isUnavailable]).toEqual([["a", "b"], [], true]);
    expect(errors.map((error) => error !== null)).toEqual([false, true, false]);
    expect(committed.notices).toHaveLength(2);
  });

  it("counts the unknownPhones of all its parts", async ({ expect }) => {
    const { storing } = aDatabase((fields) => (fields.includes("x") ? "22P05" : null));
    const counting: IngestDeps = {
      ...storing,
      ingest: async (batch) => ({ ...(await storing.ingest(batch)), unknownPhones: batch.length }),
    };
    expect((await ingestBatch(events("axb"), counting)).unknownPhones).toBe(2);
  });

  it.for<[string, string | Error]>([
    ["a database that shuts down", "57P01"],
    ["too many connections", "53300"],
    ["a password that is not right any more", "28P01"],
    ["a database that is not there", "3D000"],
    ["a disk that is full", "53100"],
    ["a database that takes no writes", "25006"],
    ["a connection that breaks", "08006"],
    ["an endpoint that does not answer", new TypeError("fetch failed")],
    ["an answer that is no answer of Postgres's", new NeonDbError("Server error (HTTP status 502)")],
  ])("fails whole, with nothing tried twice or kept as refused: %s", async ([, refusal], { expect }) => {
    const { storing, stored, kept, calls } = aDatabase(() => refusal);
    const { errors, committed } = await ingestBatch(events("abcd"), storing);
    expect(errors.every((error) => error instanceof Error)).toBe(true);
    expect([errors.length, calls(), stored, kept, committed]).toEqual([4, 1, [], [], nothingCommitted]);
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
  };
}
