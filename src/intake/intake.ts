import { DurableObject } from "cloudflare:workers";
import { databaseUrlOf, readConfig } from "../config.ts";
import { currentChats } from "../db/chats.ts";
import { askDatabase, type Db } from "../db/client.ts";
import { findLocked, ingest, quarantine } from "../db/ingest.ts";
import { INGEST_LIMIT_BYTES, INGEST_LIMIT_EVENTS, ingestBytes } from "../db/ingest-limits.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import { failpoint } from "../failpoint.ts";
import { errorName, log } from "../log.ts";
import { wakeFetchers } from "../media/wake.ts";
import { publish, publishPending, undeliveredAfter } from "../realtime/publish.ts";
import { withTimeout } from "../with-timeout.ts";
import { CallRate } from "./call-rate.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { type CommitCounts, countCommit, noCommits } from "./commit-counts.ts";
import { Drainer } from "./drainer.ts";
import { DueTimes } from "./due-times.ts";
import { DurableCommit } from "./durable-commit.ts";
import { GroupCommit } from "./group-commit.ts";
import { type BatchResult, ingestBatch } from "./ingest-batch.ts";
import type { Poll } from "./next-poll.ts";
import { OpenChats } from "./open-chats.ts";
import { PollRecord } from "./poll-record.ts";
import { regionAtFirst } from "./region-at-first.ts";
import { Spool, type SpoolState } from "./spool.ts";
import { SpoolDesk } from "./spool-desk.ts";
import { StoreLog } from "./store-log.ts";
import { Unpublished } from "./unpublished.ts";

/** The timeout of a call to Postgres. It may have committed nevertheless, and repeating it changes nothing. */
const CALL_LIMIT_MS = 10_000;
/** For how long the response to Meta waits for the fan-out. The alarm publishes the rest. */
const PUBLISH_CAP_MS = 150;
/** Less than the hedge, so that one locked chat makes no commit slow: its events are deferred. */
const LOCK_WAIT_MS = 200;
const RETRY_MS = 1_000;
const REPUBLISH_LIMIT_CHATS = 100;
const SHARDS_KEY = "shards";

/**
 * A shard of the intake, which all webhook events enter. Events that arrive during a commit share the next one. Events that
 * Postgres does not store in time are spooled, and the alarm drains the spool. Imported history, thousands of messages, goes
 * directly to a separate spool, so that it never delays new events.
 */
export class Intake extends DurableObject<Env> {
  readonly #spool = new Spool(this.ctx.storage);
  readonly #imports = new Spool(this.ctx.storage, "imports");
  readonly #unpublished = new Unpublished(this.ctx.storage);
  readonly #openChats = new OpenChats();
  readonly #breaker = new CircuitBreaker();
  /** Ids of spooled events whose commit is still in flight. */
  readonly #inFlight = new Set<number>();
  readonly #durable = new DurableCommit({
    store: (events) => this.#store(events),
    publish: (stored, events) => this.#publish(stored, events),
    publishPending: (events) => {
      log("spooled", { count: events.length });
      publishPending(this.env, this.#openChats.pendingMessages(events));
    },
    spool: this.#spool,
    breaker: this.#breaker,
    inFlight: this.#inFlight,
    scheduleDrain: () => this.#due.scheduleDrain(Date.now() + RETRY_MS),
    withTimeout,
    nowMs: Date.now,
  });
  readonly #commits = new GroupCommit<InboundEvent>(
    {
      commit: (events) => this.#durable.commit(events),
      divert: (events) => this.#durable.divert(events),
      bytesOf: ingestBytes,
      schedule: (ms, callback) => void setTimeout(callback, ms),
      nowMs: Date.now,
    },
    {
      maxItems: INGEST_LIMIT_EVENTS,
      maxBytes: INGEST_LIMIT_BYTES,
      // Two would halve the batches, and large batches make a commit cheap.
      maxInFlight: 1,
      maxWaitMs: HEDGE_MS,
    },
  );
  readonly #due = new DueTimes(this.ctx.storage);
  readonly #drainer = new Drainer({
    spool: this.#spool,
    imports: this.#imports,
    inFlight: this.#inFlight,
    breaker: this.#breaker,
    store: async (events) => {
      const stored = await this.#store(events);
      FAILPOINTS && (await failpoint("intake.drainedNotDeleted"));
      return stored;
    },
    publish: (stored, events) => this.#publish(stored, events),
    deadLetter: (event) => this.#quarantine(event),
    nowMs: Date.now,
  });
  readonly #desk = new SpoolDesk({
    spool: this.#spool,
    imports: this.#imports,
    isHeld: (spool, id) => this.#drainer.holds(spool, id) || (spool === "spool" && this.#inFlight.has(id)),
    store: (events) => this.#store(events),
    publish: (stored, events) => this.#publish(stored, events),
    nowMs: Date.now,
  });
  readonly #log = new StoreLog();
  readonly #calls = new CallRate();
  readonly #polls = new PollRecord(this.ctx.storage.kv);
  #counts = noCommits;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    // The runtime drops an alarm after six failures, so each new instance schedules the remaining work itself.
    if (this.#drainer.nextDueAtMs() !== null || !this.#unpublished.isEmpty())
      this.#due.scheduleDrain(Date.now());
  }

  /** Resolves with the shard's calls per second once all events are durable, in Postgres or here. Throws when any is not. */
  async take(events: InboundEvent[]): Promise<number> {
    const callsPerSecond = this.#calls.add(Date.now());
    FAILPOINTS && (await failpoint("intake.take", this.ctx.id.name));
    const history = events.filter(isHistory);
    if (history.length > 0) this.#divertToImports(history);
    await this.#commits.add(history.length > 0 ? events.filter((event) => !isHistory(event)) : events);
    FAILPOINTS && this.#spool.nextDueAtMs() !== null && (await failpoint("intake.afterSpool"));
    return callsPerSecond;
  }

  /** Called on the first shard: registers that up to `count` shards may be used from now on. Resolves when that is durable. */
  async useShards(count: number): Promise<void> {
    if (count > (await this.shardsEverUsed())) this.ctx.storage.kv.put(SHARDS_KEY, count);
  }

  /** Called on the first shard: the highest number of shards ever used. */
  async shardsEverUsed(): Promise<number> {
    return this.ctx.storage.kv.get<number>(SHARDS_KEY) ?? 1;
  }

  /** Called on the first shard, as the next two are: whether a run of the schedule has to poll Postgres (next-poll.ts). */
  async pollNeed(...query: Parameters<PollRecord["need"]>) {
    return this.#polls.need(...query);
  }

  async addCall(): Promise<void> {
    this.#polls.addCall(Date.now());
  }

  async addPoll(poll: Poll): Promise<void> {
    this.#polls.addPoll(poll);
  }

  /** `imports`: number of history messages to import. `region`: see regionAtFirst. */
  async spoolState(): Promise<SpoolState & { imports: number; region: string | null }> {
    FAILPOINTS && (await failpoint("intake.state", this.ctx.id.name));
    const region = regionAtFirst(this.ctx.storage.kv, readConfig(this.env));
    return { ...this.#spool.state(), imports: this.#imports.state().depth, region };
  }

  async commitCounts(): Promise<CommitCounts> {
    return this.#counts;
  }

  async spooledEvents(...query: Parameters<SpoolDesk["list"]>) {
    return this.#desk.list(...query);
  }

  async spooledEvent(...query: Parameters<SpoolDesk["find"]>) {
    return this.#desk.find(...query);
  }

  async retrySpooled(...query: Parameters<SpoolDesk["retry"]>) {
    return await this.#desk.retry(...query);
  }

  async removeSpooled(...query: Parameters<SpoolDesk["remove"]>) {
    return this.#desk.remove(...query);
  }

  override async alarm(): Promise<void> {
    // The runtime may abort this alarm (after 15 minutes), so events that are spooled meanwhile set another one.
    this.#due.drainAtMs = null;
    try {
      FAILPOINTS && (await failpoint("intake.alarm", this.ctx.id.name));
      await this.#republish();
      if (this.#drainer.nextDueAtMs() !== null) this.#due.drainAtMs = await this.#drainer.run();
    } catch (error) {
      this.#due.drainAtMs = this.#drainer.backOff();
      log("drain_failed", { error: errorName(error) });
    } finally {
      this.#due.republishAtMs = this.#unpublished.isEmpty() ? null : Date.now() + RETRY_MS;
      const dueAtMs = this.#drainer.nextDueAtMs();
      this.#due.drainAtMs = dueAtMs === null ? null : Math.max(this.#due.drainAtMs ?? 0, dueAtMs);
      await this.#due.setAlarm();
    }
  }

  #divertToImports(events: InboundEvent[]): void {
    if (!this.#imports.add(events, Date.now())) throw new Error("the spool of imports is full");
    this.#due.scheduleDrain(Date.now());
  }

  async #store(events: InboundEvent[]): Promise<BatchResult> {
    FAILPOINTS && (await failpoint("intake.beforeCommit"));
    const stored = await ingestBatch(events, {
      ingest: (batch) => this.#ingest(batch),
      findLocked: (batch) => this.#callDatabase((db) => findLocked(db, batch)),
      quarantine: (event) => this.#quarantine(event),
      wait: scheduler.wait.bind(scheduler),
      random: Math.random,
    });
    FAILPOINTS && (await failpoint("intake.afterCommit"));
    return stored;
  }

  async #ingest(events: InboundEvent[]) {
    const sent = this.#callDatabase((db) => ingest(db, events, { lockWaitMs: LOCK_WAIT_MS }));
    FAILPOINTS && (await failpoint("intake.commitSent"));
    const ingested = await sent;
    // Files are fetched separately, so that text never waits for them.
    wakeFetchers(this.env, ingested.files ?? []);
    return ingested;
  }

  async #quarantine(event: InboundEvent): Promise<void> {
    await this.#callDatabase((db) => quarantine(db, [event]));
    log("item_refused");
  }

  async #callDatabase<Result>(call: (db: Db) => Promise<Result>): Promise<Result> {
    return await askDatabase(databaseUrlOf(this.env), call, CALL_LIMIT_MS);
  }

  /** Marks undelivered chats and sets the alarm. Both are durable before the response leaves the object (the output gate). */
  async #publish(stored: BatchResult, events: InboundEvent[]): Promise<void> {
    const deliveries = publish(this.env, stored.committed);
    // The publish calls come first, and the bookkeeping runs while they are in flight.
    this.#openChats.record(stored.committed);
    this.#log.add(events, stored);
    this.#counts = countCommit(this.#counts, stored);
    if (stored.errors.includes(null)) this.#drainer.noteStored();
    FAILPOINTS && (await failpoint("intake.midPublish"));
    const missed = await undeliveredAfter(deliveries, PUBLISH_CAP_MS);
    if (missed.length === 0) return;
    this.#unpublished.add(missed);
    log("publish_timed_out", { count: missed.length });
    this.#due.republishAtMs ??= Date.now() + RETRY_MS;
    await this.#due.setAlarm();
    FAILPOINTS && (await failpoint("intake.afterMark"));
  }

  async #republish(): Promise<void> {
    const chatIds = this.#unpublished.next(REPUBLISH_LIMIT_CHATS);
    if (chatIds.length === 0) return;
    const chats = await this.#callDatabase((db) => currentChats(db, chatIds));
    const missed = await undeliveredAfter(publish(this.env, { events: [], chats }), CALL_LIMIT_MS);
    this.#unpublished.remove(chatIds.filter((id) => !missed.includes(id)));
  }
}

const isHistory = (event: InboundEvent) => event.kind === "message" && event.isHistory === true;
