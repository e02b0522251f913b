import { DurableObject } from "cloudflare:workers";
import { databaseUrlOf } from "../config.ts";
import { currentChats } from "../db/chats.ts";
import { askDatabase, type Db } from "../db/client.ts";
import { INGEST_LIMIT_EVENTS, ingest, quarantine } from "../db/ingest.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import { failpoint } from "../failpoint.ts";
import { errorName, log } from "../log.ts";
import { wakeFetchers } from "../media/wake.ts";
import { publish, publishPending, undeliveredAfter } from "../realtime/publish.ts";
import { withTimeout } from "../with-timeout.ts";
import { Breaker } from "./breaker.ts";
import { CallRate } from "./call-rate.ts";
import { type CommitCounts, countCommit, noCommits } from "./commit-counts.ts";
import { Drainer } from "./drainer.ts";
import { DurableCommit } from "./durable-commit.ts";
import { GroupCommit } from "./group-commit.ts";
import { ingestBatch, type Stored } from "./ingest-batch.ts";
import { StoreLog } from "./log-stored.ts";
import { OpenChats } from "./open-chats.ts";
import { Spool, type SpoolState } from "./spool.ts";
import { Unpublished } from "./unpublished.ts";

/** A call to Postgres that takes longer is given up: it may have committed, and its repetition changes nothing. */
const STORE_LIMIT_MS = 10_000;
/** Meta's 200 waits so long for the fan-out; what is cut off is finished by the alarm. */
const PUBLISH_CAP_MS = 150;
const SOON_MS = 1_000;
const REPUBLISH_LIMIT_CHATS = 100;
const SHARDS_KEY = "shards";

/**
 * The only way in for webhook events. Whatever arrives while a commit is under way shares the next; what Postgres does not
 * take in time goes into the spool, and the alarm empties that. Old messages, which come by the thousand, go into a spool
 * of their own at once, and never stand before what is new. Each shard gathers for itself.
 */
export class Intake extends DurableObject<Env> {
  readonly #spool = new Spool(this.ctx.storage);
  readonly #imports = new Spool(this.ctx.storage, "imports");
  readonly #unpublished = new Unpublished(this.ctx.storage);
  readonly #openChats = new OpenChats();
  readonly #breaker = new Breaker();
  /** Spooled events whose commit is still under way. */
  readonly #held = new Set<number>();
  readonly #durable = new DurableCommit({
    store: (events) => this.#store(events),
    publish: (stored, events) => this.#publish(stored, events),
    announce: (events) => {
      log("spooled", { count: events.length });
      publishPending(this.env, this.#openChats.of(events));
    },
    spool: this.#spool,
    breaker: this.#breaker,
    held: this.#held,
    drainSoon: () => this.#drainAt(Date.now() + SOON_MS),
    withTimeout,
    nowMs: Date.now,
  });
  readonly #commits = new GroupCommit<InboundEvent>((events) => this.#durable.commit(events), {
    maxItems: INGEST_LIMIT_EVENTS,
    // Of two the batches would be half as full, and full batches are what makes a commit cheap.
    maxInFlight: 1,
  });
  /** When the drain is due; null while nothing waits. One alarm serves both kinds of work, whichever is due first. */
  #drainAtMs: number | null = null;
  /** When what was cut off is to be published. Later ones do not put it off: there may always be one more. */
  #republishAtMs: number | null = null;
  readonly #drainer = new Drainer({
    spool: this.#spool,
    imports: this.#imports,
    held: this.#held,
    breaker: this.#breaker,
    store: async (events) => {
      const stored = await this.#store(events);
      FAILPOINTS && (await failpoint("intake.drainedNotDeleted"));
      return stored;
    },
    publish: (stored, events) => this.#publish(stored, events),
    deadLetter: (event) => this.#storeRaw(event),
    nowMs: Date.now,
  });
  readonly #log = new StoreLog();
  readonly #calls = new CallRate();
  #counts = noCommits;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    // An alarm gives up after six failures, and a new object knows of none: what waits is looked after again.
    if (this.#drainer.nextDueAtMs() !== null || !this.#unpublished.isEmpty()) this.#drainAt(Date.now());
  }

  /** Resolves once all events are durable, in Postgres or here; gives the calls of this second or the last. Throws when any is not durable. */
  async take(events: InboundEvent[]): Promise<number> {
    const callsPerSecond = this.#calls.add(Date.now());
    FAILPOINTS && (await failpoint("intake.take", this.ctx.id.name));
    const old = events.filter(isOld);
    if (old.length > 0) this.#putAside(old);
    await this.#commits.add(old.length > 0 ? events.filter((event) => !isOld(event)) : events);
    FAILPOINTS && this.#spool.nextDueAtMs() !== null && (await failpoint("intake.afterSpool"));
    return callsPerSecond;
  }

  /** Asked of the first shard: that from now on so many may be used. Resolves when that is durable. */
  async useShards(count: number): Promise<void> {
    if (count > (await this.shardsEverUsed())) this.ctx.storage.kv.put(SHARDS_KEY, count);
  }

  /** Asked of the first shard: the most that were ever used. */
  async shardsEverUsed(): Promise<number> {
    return this.ctx.storage.kv.get<number>(SHARDS_KEY) ?? 1;
  }

  /** How much waits here. */
  async spoolState(): Promise<SpoolState & { imports: number }> {
    return { ...this.#spool.state(), imports: this.#imports.state().depth };
  }

  async commitCounts(): Promise<CommitCounts> {
    return this.#counts;
  }

  override async alarm(): Promise<void> {
    // It may be given up before its end (after 15 minutes): what is spooled meanwhile sets an alarm of its own.
    this.#drainAtMs = null;
    try {
      FAILPOINTS && (await failpoint("intake.alarm", this.ctx.id.name));
      await this.#republish();
      if (this.#drainer.nextDueAtMs() !== null) this.#drainAtMs = await this.#drainer.run();
    } catch (error) {
      this.#drainAtMs = this.#drainer.backOff();
      log("drain_failed", { error: errorName(error) });
    } finally {
      this.#republishAtMs = this.#unpublished.isEmpty() ? null : Date.now() + SOON_MS;
      const waits = this.#drainer.nextDueAtMs();
      this.#drainAtMs = waits === null ? null : Math.max(this.#drainAtMs ?? 0, waits);
      await this.#setAlarm();
    }
  }

  #putAside(events: InboundEvent[]): void {
    if (!this.#imports.add(events, Date.now())) throw new Error("the spool of imports is full");
    this.#drainAt(Date.now());
  }

  async #store(events: InboundEvent[]): Promise<Stored> {
    FAILPOINTS && (await failpoint("intake.beforeCommit"));
    const stored = await ingestBatch(events, {
      ingest: (batch) => this.#ingest(batch),
      quarantine: (event) => this.#storeRaw(event),
      wait: scheduler.wait.bind(scheduler),
      random: Math.random,
    });
    FAILPOINTS && (await failpoint("intake.afterCommit"));
    return stored;
  }

  async #ingest(events: InboundEvent[]) {
    const sent = this.#ask((db) => ingest(db, events));
    FAILPOINTS && (await failpoint("intake.commitSent"));
    const ingested = await sent;
    // Text never waits for a file.
    wakeFetchers(this.env, ingested.files ?? []);
    return ingested;
  }

  async #storeRaw(event: InboundEvent): Promise<void> {
    await this.#ask((db) => quarantine(db, [event]));
    log("item_refused");
  }

  async #ask<Result>(call: (db: Db) => Promise<Result>): Promise<Result> {
    return await askDatabase(databaseUrlOf(this.env), call, STORE_LIMIT_MS);
  }

  /** Row and alarm become durable together, and before the answer: the output gate holds it back until then. */
  async #publish(stored: Stored, events: InboundEvent[]): Promise<void> {
    const deliveries = publish(this.env, stored.committed);
    // Nothing that can wait comes before the calls to those who watch.
    this.#openChats.learn(stored.committed);
    this.#log.add(events, stored);
    this.#counts = countCommit(this.#counts, stored);
    FAILPOINTS && (await failpoint("intake.midPublish"));
    const missed = await undeliveredAfter(deliveries, PUBLISH_CAP_MS);
    if (missed.length === 0) return;
    this.#unpublished.add(missed);
    log("publish_timed_out", { count: missed.length });
    this.#republishAtMs ??= Date.now() + SOON_MS;
    await this.#setAlarm();
    FAILPOINTS && (await failpoint("intake.afterMark"));
  }

  async #republish(): Promise<void> {
    const chatIds = this.#unpublished.some(REPUBLISH_LIMIT_CHATS);
    if (chatIds.length === 0) return;
    const chats = await this.#ask((db) => currentChats(db, chatIds));
    const missed = await undeliveredAfter(publish(this.env, { events: [], chats }), STORE_LIMIT_MS);
    this.#unpublished.remove(chatIds.filter((id) => !missed.includes(id)));
  }

  #drainAt(dueAtMs: number): void {
    if (this.#drainAtMs !== null && this.#drainAtMs <= dueAtMs) return;
    this.#drainAtMs = dueAtMs;
    void this.#setAlarm();
  }

  async #setAlarm(): Promise<void> {
    const due = [this.#drainAtMs, this.#republishAtMs].filter((ms) => ms !== null);
    if (due.length > 0) await this.ctx.storage.setAlarm(Math.max(Math.min(...due), Date.now()));
  }
}

function isOld(event: InboundEvent): boolean {
  return event.kind === "message" && event.isHistory === true;
}
