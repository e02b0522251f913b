import { DurableObject } from "cloudflare:workers";
import { databaseUrlOf } from "../config.ts";
import { connect } from "../db/client.ts";
import type { Committed } from "../db/committed.ts";
import {
  giveUpMessage,
  type Settlement,
  settleMessage,
  type Unsettled,
  unsettledMessages,
} from "../db/outgoing.ts";
import { errorName, log } from "../log.ts";
import { publish, undeliveredAfter } from "../realtime/publish.ts";
import { settleUnknown } from "./outbox.ts";

/** How often a number that has something unsettled is looked at. */
const LOOK_MS = 15_000;
const LOOK_LIMIT_MESSAGES = 500;
const PUBLISH_CAP_MS = 150;

/**
 * The way out of one business number: one chat's messages leave in the order of their ids, one after the other has ended.
 * Keeps account only; Graph is called in invocations of their own. Its name is the number's id. What it holds in memory
 * is in Postgres too: after an eviction its alarm finds it again.
 */
export class Sender extends DurableObject<Env> {
  readonly #organizationPhoneId = Number(this.ctx.id.name);
  /** By chat: the end of the last message that was given its turn. */
  readonly #turns = new Map<number, Promise<unknown>>();
  readonly #inHand = new Set<number>();

  /** Sends a message when its chat's turn comes; gives how its attempts ended. Null when another attempt has it. */
  async send(chatId: number, messageId: number): Promise<Settlement | null> {
    await this.#lookLater();
    return await this.#takeTurn(chatId, messageId);
  }

  /** Tells Meta that a customer's message was read, whenever that gets through: it waits for no chat's turn. */
  async markRead(wamid: string): Promise<void> {
    await this.#attempts().markRead(this.#organizationPhoneId, wamid);
  }

  /** Looks after everything of this number that has not come to rest. Called by the schedule as well. */
  async lookAfter(): Promise<void> {
    const db = connect(databaseUrlOf(this.env));
    const open = await unsettledMessages(db, this.#organizationPhoneId, LOOK_LIMIT_MESSAGES);
    /** Chats whose next message is held or not due yet: those behind it would overtake it. */
    const waiting = new Set<number>();
    for (const message of open) {
      const committed = await this.#settleOverdue(message);
      if (committed) await undeliveredAfter(publish(this.env, committed), PUBLISH_CAP_MS);
      if (committed || message.status === "unknown" || this.#inHand.has(message.id)) continue;
      const isDue = message.claimId === null && (message.dueAt?.getTime() ?? 0) <= Date.now();
      if (!isDue) waiting.add(message.chatId);
      if (!waiting.has(message.chatId)) this.ctx.waitUntil(this.#takeTurn(message.chatId, message.id));
    }
    if (open.length > 0) await this.#lookLater();
  }

  override async alarm(): Promise<void> {
    try {
      await this.lookAfter();
    } catch (error) {
      log("request_failed", {
        organizationPhoneId: this.#organizationPhoneId,
        route: "sender alarm",
        error: errorName(error),
      });
      await this.#lookLater();
    }
  }

  async #takeTurn(chatId: number, messageId: number): Promise<Settlement | null> {
    this.#inHand.add(messageId);
    const before = this.#turns.get(chatId) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => this.#attempt(messageId));
    this.#turns.set(chatId, turn);
    try {
      return await turn;
    } finally {
      this.#inHand.delete(messageId);
      if (this.#turns.get(chatId) === turn) this.#turns.delete(chatId);
    }
  }

  /** A message that was told to wait keeps those behind it waiting: they would overtake it. */
  async #attempt(messageId: number): Promise<Settlement | null> {
    for (;;) {
      const settlement = await this.#attempts().send(this.#organizationPhoneId, messageId);
      if (settlement?.status !== "sending" || !settlement.dueAt) return settlement;
      await scheduler.wait(Math.max(0, settlement.dueAt.getTime() - Date.now()));
    }
  }

  /** The Worker's own entrypoint, over the loopback binding that every export has. */
  #attempts() {
    return this.ctx.exports.Attempt;
  }

  async #settleOverdue({ id, status, claimId, leaseUntil, dueAt }: Unsettled): Promise<Committed | null> {
    const db = connect(databaseUrlOf(this.env));
    const now = new Date();
    // Its attempt died. Whether Graph was called before that nobody knows.
    if (claimId !== null && leaseUntil !== null && leaseUntil <= now) {
      return await settleMessage(db, id, claimId, settleUnknown(now));
    }
    return status === "unknown" && dueAt !== null && dueAt <= now ? await giveUpMessage(db, id) : null;
  }

  async #lookLater(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + LOOK_MS);
  }
}
