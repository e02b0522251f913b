import { DurableObject } from "cloudflare:workers";
import { backoffMs } from "../backoff.ts";
import { databaseUrlOf } from "../config.ts";
import { askDatabase } from "../db/client.ts";
import type { Committed } from "../db/committed.ts";
import type { NewMessage } from "../db/new-messages.ts";
import {
  giveUpMessage,
  type Settlement,
  settleMessage,
  type Unsettled,
  unsettledMessages,
} from "../db/outgoing.ts";
import { errorName, log } from "../log.ts";
import { TokenCircuitBreaker } from "../phones/token-circuit-breaker.ts";
import { publish, undeliveredAfter } from "../realtime/publish.ts";
import { phoneIdInName } from "../region.ts";
import type { AttemptEnd, FirstAttempt } from "./attempt.ts";
import type { SentNew } from "./dispatch.ts";
import { isDueAgain, settleUnknown } from "./outbox.ts";
import { Pacer } from "./pacing.ts";
import { Recipients } from "./recipients.ts";
import { TokenAlarm } from "./token-alarm.ts";
import { Turns } from "./turns.ts";
import { UnrecordedEnds } from "./unrecorded.ts";
import { until } from "./until.ts";

/** How often a phone with unsettled messages is swept. */
const SWEEP_EVERY_MS = 15_000;
/** More than a phone can send at Meta's pace before the next sweep. */
const SWEEP_LIMIT_MESSAGES = 2_000;
const PUBLISH_CAP_MS = 150;
/** How often it is asked whether another's attempt has ended: soon at first, and less often with time. */
const POLL = { firstMs: 50, maxMs: 1_000 };
/** A new message that can leave within this time is claimed as it is stored: far less than a lease. */
const SOON_MS = 1_000;
const ORGANIZATION = "organization";

/**
 * The way out of one business number: one chat's messages leave in the order of their ids, one after the other has ended,
 * and all of them no faster than Meta takes them. Keeps account only; Graph is called in invocations of their own. Its name
 * has the number's id. What it holds in memory is in Postgres too: after an eviction its alarm finds it again.
 */
export class Sender extends DurableObject<Env> {
  readonly #organizationPhoneId = phoneIdInName(this.ctx.id.name);
  readonly #pacer = new Pacer();
  readonly #recipients = new Recipients();
  /** Whose phone it is, as far as this object knows. */
  #organizationId = this.ctx.storage.kv.get<number>(ORGANIZATION) ?? null;
  readonly #tokens = new TokenCircuitBreaker(this.ctx.storage.kv, this.#organizationPhoneId);
  readonly #tokenAlarm = new TokenAlarm(this.env, this.#organizationPhoneId, this.#tokens);
  readonly #unrecorded = new UnrecordedEnds(this.ctx.storage.kv);
  readonly #turns = new Turns();
  /** By message: the result of its attempts, for other callers that ask meanwhile. */
  readonly #inFlight = new Map<number, Promise<Settlement>>();
  /** When the alarm is due, as far as this object knows: storage is asked once in its life. */
  #alarmAtMs = 0;

  /** Sends a message when its chat's turn comes; gives how its attempts ended. */
  async send(chatId: number, messageId: number): Promise<Settlement> {
    await this.#scheduleAlarm();
    return await this.#enqueueForChat(chatId, messageId);
  }

  /**
   * Stores a new message and sends it in one go. Null when it has to wait for others, or could not be stored: then the caller stores it,
   * which is safe with its idempotency key. For another organization's phone it is null as well, and nothing is charged.
   */
  async sendNew(message: NewMessage): Promise<SentNew | null> {
    if (message.organizationId !== this.#organizationId) return null;
    await this.#scheduleAlarm();
    const known = this.#recipients.chatOf(message);
    const isTaken = known !== null && this.#turns.isTaken(known);
    const waitMs = isTaken ? null : this.#pacer.chargeSoon(known, Date.now(), SOON_MS);
    if (waitMs === null) return null;
    const deadToken = this.#tokens.deadToken(Date.now());
    const attempt: Promise<FirstAttempt> = this.#attempts().sendNew(message, deadToken, Date.now() + waitMs);
    if (known !== null) this.#turns.hold(known, attempt);
    const first = await attempt;
    if (first.kind === "not_called") {
      this.#unrecorded.store(first.claimId, first.settlement);
      return null;
    }
    const { created, end } = first;
    if (created.kind !== "created") return { created, settlement: null };
    const { id, chatId } = created.message;
    this.#recipients.store(message, chatId);
    if (known === null) this.#pacer.chargeRecipient(chatId, Date.now());
    if (end) this.#account(end);
    const isOver = end?.kind === "ended" && !isDueAgain(end.settlement);
    return { created, settlement: isOver ? end.settlement : await this.#enqueueForChat(chatId, id) };
  }

  /** Tells Meta that a customer's message was read, and with `typing` that it is being answered, whenever that gets through: it waits for no chat's turn. */
  async markRead(wamid: string, typing = false): Promise<void> {
    await this.#attempts().markRead(this.#organizationPhoneId, wamid, typing);
  }

  /**
   * Looks after everything of this number that has not come to rest. Called by the schedule as well. What cannot be settled
   * holds up its own chat alone; then this throws, after all other chats were swept.
   */
  async sweep(): Promise<void> {
    const open = await askDatabase(databaseUrlOf(this.env), (db) =>
      unsettledMessages(db, this.#organizationPhoneId, SWEEP_LIMIT_MESSAGES),
    );
    /** Chats whose next message is claimed, not settled or not due yet: the messages behind it would overtake it. */
    const waiting = new Set<number>();
    let failure: unknown = null;
    for (const message of open) {
      try {
        if (await this.#settleOverdue(message)) continue;
      } catch (error) {
        failure = error;
        waiting.add(message.chatId);
      }
      if (message.status === "unknown" || this.#inFlight.has(message.id)) continue;
      const isDue = message.claimId === null && (message.dueAt?.getTime() ?? 0) <= Date.now();
      if (!isDue) waiting.add(message.chatId);
      // The next sweep finds what fails here.
      if (!waiting.has(message.chatId)) {
        this.ctx.waitUntil(this.#enqueueForChat(message.chatId, message.id).catch(() => undefined));
      }
    }
    if (open.length < SWEEP_LIMIT_MESSAGES) {
      this.#unrecorded.prune(new Set(open.flatMap(({ claimId }) => claimId ?? [])));
    }
    if (open.length > 0) await this.#scheduleAlarm();
    if (failure !== null) throw failure;
  }

  override async alarm(): Promise<void> {
    this.#alarmAtMs = 0;
    try {
      await this.#tokenAlarm.reconcile();
      await this.sweep();
    } catch (error) {
      log("request_failed", {
        organizationPhoneId: this.#organizationPhoneId,
        route: "sender alarm",
        error: errorName(error),
      });
      await this.#scheduleAlarm();
    }
  }

  #enqueueForChat(chatId: number, messageId: number): Promise<Settlement> {
    const inFlight = this.#inFlight.get(messageId);
    if (inFlight !== undefined) return inFlight;
    const before = this.#turns.last(chatId);
    const delivered =
      before !== undefined
        ? before.then(() => this.#deliver(chatId, messageId))
        : this.#deliver(chatId, messageId);
    this.#inFlight.set(messageId, delivered);
    const end = Promise.allSettled([delivered]).then(() => this.#inFlight.delete(messageId));
    this.#turns.hold(chatId, end);
    return delivered;
  }

  /** Attempts until the message has come to an end. Until then those behind it wait: they would overtake it. */
  async #deliver(chatId: number, messageId: number): Promise<Settlement> {
    let polls = 0;
    for (;;) {
      await until(Date.now() + this.#pacer.chargeRecipient(chatId, Date.now()));
      await until(Date.now() + this.#pacer.acquireSlot(Date.now()));
      const end = await this.#attempt(messageId);
      switch (end.kind) {
        case "ended":
          if (!isDueAgain(end.settlement)) return end.settlement;
          await until(end.settlement.dueAt.getTime());
          break;
        case "settled":
          return {
            status: end.status,
            messageStatus: end.messageStatus,
            ...(end.wamid !== null && { wamid: end.wamid }),
            ...(end.error && { error: end.error }),
          };
        case "blocked":
          // An object that was here before knew of it; after an eviction only Postgres does.
          await this.#deliver(chatId, end.messageId);
          break;
        case "deferred":
          await until(Date.parse(end.until));
          break;
        case "leased": {
          const leaseUntil = new Date(end.until);
          if (!(await this.#endClaim(messageId, end.claimId, leaseUntil))) {
            polls += 1;
            await until(Math.min(leaseUntil.getTime(), Date.now() + backoffMs(polls, POLL)));
          }
          break;
        }
        default:
          end satisfies never;
      }
    }
  }

  async #attempt(messageId: number): Promise<AttemptEnd> {
    const deadToken = this.#tokens.deadToken(Date.now());
    const end: AttemptEnd = await this.#attempts().send(this.#organizationPhoneId, messageId, deadToken);
    this.#account(end);
    return end;
  }

  /** Remembers what an attempt showed of the phone, and its result if Postgres does not have it. */
  #account(end: AttemptEnd): void {
    if (end.kind !== "ended") return;
    if (end.organizationId !== this.#organizationId) {
      this.#organizationId = end.organizationId;
      this.ctx.storage.kv.put(ORGANIZATION, end.organizationId);
    }
    this.#tokens.record(end.token, Date.now());
    if (this.#tokens.dueAlarm) this.ctx.waitUntil(this.#tokenAlarm.reconcile().catch(() => undefined));
    const { unrecorded: claimId, settlement } = end;
    if (settlement.attempt?.outcome === "refused") this.#pacer.slowDown(settlement.attempt.code, Date.now());
    if (claimId !== null) this.#unrecorded.store(claimId, settlement);
  }

  /** The Worker's own entrypoint, over the loopback binding that every export has. */
  #attempts() {
    return this.ctx.exports.Attempt;
  }

  /** Whether there was something to settle. */
  async #settleOverdue({ id, status, claimId, leaseUntil, dueAt }: Unsettled): Promise<boolean> {
    if (claimId !== null && leaseUntil !== null) return await this.#endClaim(id, claimId, leaseUntil);
    if (status !== "unknown" || dueAt === null || dueAt.getTime() > Date.now()) return false;
    await this.#publish(await askDatabase(databaseUrlOf(this.env), (db) => giveUpMessage(db, id)));
    return true;
  }

  /** Settles an expired claim, or one whose result is known. Returns whether there was something to settle. */
  async #endClaim(messageId: number, claimId: string, leaseUntil: Date): Promise<boolean> {
    const known = this.#unrecorded.of(claimId);
    const now = new Date();
    if (!known && leaseUntil > now) return false;
    // Without a result the attempt died, and whether it had called Graph is unknown.
    const end = known ?? settleUnknown(now);
    await this.#publish(
      await askDatabase(databaseUrlOf(this.env), (db) => settleMessage(db, messageId, claimId, end)),
    );
    if (known) this.#unrecorded.forget(claimId);
    return true;
  }

  async #publish(committed: Committed | null): Promise<void> {
    if (committed) await undeliveredAfter(publish(this.env, committed), PUBLISH_CAP_MS);
  }

  /** One alarm at a time, which sends do not defer. */
  async #scheduleAlarm(): Promise<void> {
    if (Date.now() < this.#alarmAtMs) return;
    const dueAtMs = await this.ctx.storage.getAlarm();
    if (dueAtMs === null) await this.ctx.storage.setAlarm(Date.now() + SWEEP_EVERY_MS);
    this.#alarmAtMs = dueAtMs ?? Date.now() + SWEEP_EVERY_MS;
  }
}
