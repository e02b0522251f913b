import { DurableObject } from "cloudflare:workers";
import { databaseUrlOf } from "../config.ts";
import { currentChats } from "../db/chats.ts";
import { connect, connectUntil, sqlState } from "../db/client.ts";
import type { Committed } from "../db/committed.ts";
import { INGEST_LIMIT_EVENTS, ingest, keepRefused } from "../db/ingest.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import { errorName, log } from "../log.ts";
import { publish, undeliveredAfter } from "../realtime/publish.ts";
import { GroupCommit } from "./group-commit.ts";
import { ingestBatch } from "./ingest-batch.ts";
import { Unpublished } from "./unpublished.ts";

/** A call to Postgres that takes longer counts as lost: it may have committed, and its repetition changes nothing. */
const COMMIT_LIMIT_MS = 5_000;
/** Meta's 200 waits so long for the fan-out; what is cut off is finished by the alarm. */
const PUBLISH_CAP_MS = 150;
const REPUBLISH_AFTER_MS = 1_000;
const REPUBLISH_LIMIT_CHATS = 100;

/**
 * The only way in for webhook events: whatever arrives while a commit is under way shares the next. An object may have
 * six calls waiting for headers, so two commits in flight leave room for publishing.
 * https://developers.cloudflare.com/workers/platform/limits/#simultaneous-open-connections
 */
export class Intake extends DurableObject<Env> {
  readonly #commits = new GroupCommit<InboundEvent>((events) => this.#commit(events), {
    maxItems: INGEST_LIMIT_EVENTS,
    maxInFlight: 2,
  });
  readonly #unpublished = new Unpublished(this.ctx.storage);

  /** Resolves once all events are in Postgres and those who watch were told. Throws when any is not stored. */
  async take(events: InboundEvent[]): Promise<void> {
    await this.#commits.add(events);
  }

  override async alarm(): Promise<void> {
    const chatIds = this.#unpublished.some(REPUBLISH_LIMIT_CHATS);
    try {
      const chats = await currentChats(connect(databaseUrlOf(this.env)), chatIds);
      const missed = await undeliveredAfter(publish(this.env, { events: [], chats }), COMMIT_LIMIT_MS);
      this.#unpublished.remove(chatIds.filter((id) => !missed.includes(id)));
    } catch (error) {
      log("publish_cut_off", { count: chatIds.length, error: errorName(error) });
    } finally {
      if (this.#unpublished.some(1).length > 0) await this.#republishSoon();
    }
  }

  async #commit(events: InboundEvent[]): Promise<(Error | null)[]> {
    const db = connectUntil(databaseUrlOf(this.env), AbortSignal.timeout(COMMIT_LIMIT_MS));
    const { committed, errors } = await ingestBatch(events, {
      ingest: (batch) => ingest(db, batch),
      keepRefused: async (event) => {
        await keepRefused(db, [event]);
        log("item_refused");
      },
      wait: scheduler.wait.bind(scheduler),
      random: Math.random,
    });
    logStored(events, committed);
    const failure = errors.find((error) => error !== null);
    if (failure) log("webhook_not_durable", { sqlState: sqlState(failure), error: errorName(failure) });
    const missed = await undeliveredAfter(publish(this.env, committed), PUBLISH_CAP_MS);
    if (missed.length > 0) {
      // Row and alarm become durable together, and before the answer: the output gate holds it back until then.
      this.#unpublished.add(missed);
      await this.#republishSoon();
      log("publish_cut_off", { count: missed.length });
    }
    return errors;
  }

  async #republishSoon(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + REPUBLISH_AFTER_MS);
  }
}

function logStored(events: InboundEvent[], { events: stored, chats }: Committed): void {
  const phones = new Map(chats.map((chat) => [chat.id, chat.organizationPhoneId]));
  for (const { isNew, event, fromMe, chatId, messageId, seq } of stored) {
    if (!isNew || messageId === null) continue;
    const incoming = event === "message.created" && !fromMe;
    const organizationPhoneId = phones.get(chatId);
    log(incoming ? "incoming_message" : "incoming_status", { organizationPhoneId, chatId, messageId, seq });
  }
  const notices = events.filter((event) => event.kind === "notice").length;
  if (notices > 0) log("notice_kept", { count: notices });
}
