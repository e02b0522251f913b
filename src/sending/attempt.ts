import { WorkerEntrypoint } from "cloudflare:workers";
import { backoffMs } from "../backoff.ts";
import { databaseUrlOf } from "../config.ts";
import { askDatabase, type Db } from "../db/client.ts";
import type { Committed } from "../db/committed.ts";
import { type Created, createClaimed, type NewMessage } from "../db/new-messages.ts";
import {
  type Claim,
  claimMessage,
  type Lease,
  type Outgoing,
  type Settlement,
  settleMessage,
} from "../db/outgoing.ts";
import { failpoint } from "../failpoint.ts";
import { errorName, log } from "../log.ts";
import { GRAPH_LIMIT_MS, openGraphWith, openPhoneGraph, type PhoneGraph } from "../phones/phone-graph.ts";
import type { TokenVerdict } from "../phones/token-circuit-breaker.ts";
import { publish, undeliveredAfter } from "../realtime/publish.ts";
import { GraphError } from "../whatsapp/graph-error.ts";
import { toGraphMessage } from "../whatsapp/outbound/graph-message.ts";
import { formatTag } from "../whatsapp/outbound/tag.ts";
import { AccessTokenError } from "../whatsapp/sealed-token.ts";
import { ACCEPTED, fingerprintOf, NOT_CALLED, noteOf, report, verdictOf } from "./attempt-notes.ts";
import { currentMetaId } from "./current-media-id.ts";
import { newLease, settleAccepted, settleFailure, settleNotCalled } from "./outbox.ts";
import { until } from "./until.ts";

const PUBLISH_CAP_MS = 150;
/** Between two calls to Postgres a file may be uploaded: after that it is too late to send. */
const FILE_LIMIT_MS = 30_000;
const FILE_TYPES = ["image", "video", "audio", "document", "sticker"];
const TRIES = 5;
const BACKOFF = { firstMs: 400, maxMs: 3_200 };

/** How an attempt ended, or why none was made. */
export type AttemptEnd =
  | {
      kind: "ended";
      settlement: Settlement;
      token: TokenVerdict | null;
      organizationId: number;
      /** The claim under which it is still to be recorded; null when Postgres knows. */
      unrecorded: string | null;
    }
  | Exclude<Claim, { kind: "claimed" }>;

/** What became of a new message. */
export type FirstAttempt =
  /** `end` is null when it was not stored, or is queued behind others of its chat. */
  | { kind: "stored"; created: Created; end: AttemptEnd | null }
  /** It was not stored, or Postgres' answer is missing: then it may be claimed, but nothing was sent under the claim. */
  | { kind: "not_called"; claimId: string; settlement: Settlement };

type Target = { organizationPhoneId: number; messageId: number; deadToken: string | null };
type Called = { settlement: Settlement; token: TokenVerdict | null };

/**
 * The calls to Graph, each in an invocation of its own: an object may have only six calls waiting for headers, and a
 * client that goes away must not take a send with it. Called by the Sender over RPC.
 * https://developers.cloudflare.com/workers/platform/limits/#simultaneous-open-connections
 */
export class Attempt extends WorkerEntrypoint<Env> {
  /**
   * Makes one attempt at a message when it is the message's turn: claims it, calls Graph, and records how that ended. With the token `deadToken` (its fingerprint) Meta is not called. Throws when Postgres does not give the claim.
   */
  async send(organizationPhoneId: number, messageId: number, deadToken: string | null): Promise<AttemptEnd> {
    const lease = newLease(new Date());
    const claim = await this.#ask((db) => claimMessage(db, messageId, lease, new Date()));
    if (claim.kind !== "claimed") return claim;
    const target = { organizationPhoneId, messageId, deadToken };
    return await this.#attempt(target, lease, claim.outgoing, claim.committed);
  }

  /**
   * Stores a new message and makes the first attempt at it, not before `leavesAtMs`. The claim is part of the transaction that stores
   * it, so that Postgres is called once less than by `send`.
   */
  async sendNew(message: NewMessage, deadToken: string | null, leavesAtMs: number): Promise<FirstAttempt> {
    const now = new Date();
    const lease = newLease(now);
    const write = (db: Db) => createClaimed(db, message, lease);
    const made = await askDatabase(databaseUrlOf(this.env), write).catch(() => null);
    const settlement = settleNotCalled({ attempts: 1, now });
    if (!made) return { kind: "not_called", claimId: lease.claimId, settlement };
    const { created, outgoing } = made;
    if (created.kind !== "created") return { kind: "stored", created, end: null };
    const { committed, organizationPhoneId } = created;
    // The caller does not publish it again.
    const stored = { kind: "stored" as const, created: { ...created, committed: null } };
    if (!outgoing) {
      if (committed) await this.#publish(committed);
      return { ...stored, end: null };
    }
    await until(leavesAtMs);
    const target = { organizationPhoneId, messageId: created.message.id, deadToken };
    return { ...stored, end: await this.#attempt(target, lease, outgoing, committed) };
  }

  /** Calls Graph under a claim that was just given, and records how that ended. */
  async #attempt(
    target: Target,
    lease: Lease,
    outgoing: Outgoing,
    claimed: Committed | null,
  ): Promise<AttemptEnd> {
    const { organizationPhoneId, messageId } = target;
    const { organizationId } = outgoing;
    FAILPOINTS && (await failpoint("sender.afterClaim"));
    const publishing = claimed && this.#publish(claimed);
    const called = await this.#call(target, lease, outgoing);
    FAILPOINTS && (await failpoint("sender.afterGraph"));
    await publishing;
    try {
      const committed = await this.#ask((db) =>
        settleMessage(db, messageId, lease.claimId, called.settlement),
      );
      FAILPOINTS && (await failpoint("sender.afterRecord"));
      if (committed) await this.#publish(committed);
      return { kind: "ended", ...called, organizationId, unrecorded: null };
    } catch (error) {
      log("send_result_not_recorded", { organizationPhoneId, messageId, error: errorName(error) });
      return { kind: "ended", ...called, organizationId, unrecorded: lease.claimId };
    }
  }

  /** Sends Meta a read receipt for a customer's message and all before it. */
  async markRead(organizationPhoneId: number, wamid: string, typing: boolean): Promise<void> {
    try {
      const graph = await askDatabase(databaseUrlOf(this.env), (db) =>
        openPhoneGraph(this.env, db, organizationPhoneId),
      );
      await graph.client.markRead(graph.phoneNumberId, wamid, typing);
    } catch (error) {
      const code = error instanceof GraphError ? error.code : null;
      log("read_receipt_failed", { organizationPhoneId, code, error: errorName(error) });
    }
  }

  async #call(target: Target, lease: Lease, outgoing: Outgoing): Promise<Called> {
    const { organizationPhoneId, messageId } = target;
    const ids = { organizationPhoneId, chatId: outgoing.chatId, messageId };
    const ended = { attempts: outgoing.attempts, window: outgoing.window, now: new Date() };
    let graph: PhoneGraph;
    let metaId: string | null = null;
    try {
      graph = await openGraphWith(this.env, outgoing.credentials, (call) =>
        askDatabase(databaseUrlOf(this.env), call),
      );
      if (FILE_TYPES.includes(outgoing.messageType)) metaId = await this.#metaIdOf(messageId, graph);
      if (Date.now() + GRAPH_LIMIT_MS > lease.leaseUntil.getTime()) throw new Error("too late to call Graph");
    } catch (error) {
      const isMissing = error instanceof AccessTokenError;
      const settlement = isMissing ? settleFailure(error, ended) : settleNotCalled(ended);
      report(settlement, error, ids);
      const token = isMissing
        ? { isDead: true as const, fingerprint: await fingerprintOf(error.message) }
        : null;
      return { settlement: { ...settlement, attempt: NOT_CALLED }, token };
    }
    const call = (by: PhoneGraph) => this.#callWith(by, target, { ...outgoing, metaId }, ids);
    const called = await call(graph);
    if (!called.token?.isDead && called.settlement.attempt !== NOT_CALLED) return called;
    const renewed = await this.#renewed(organizationPhoneId, graph.token, lease);
    if (renewed) return await call(renewed);
    return called;
  }

  /**
   * The number's way to Graph, where its token was rotated after the claim had read the old one. Meta refuses a dead token before it
   * processes anything, so that the call may be made once more. Null without another token, or when it is too late to call.
   */
  async #renewed(organizationPhoneId: number, usedToken: string, lease: Lease): Promise<PhoneGraph | null> {
    try {
      const graph = await this.#ask((db) => openPhoneGraph(this.env, db, organizationPhoneId));
      const isInTime = Date.now() + GRAPH_LIMIT_MS <= lease.leaseUntil.getTime();
      return isInTime && graph.token !== usedToken ? graph : null;
    } catch {
      return null;
    }
  }

  async #callWith(
    graph: PhoneGraph,
    { messageId, deadToken }: Target,
    outgoing: Outgoing & { metaId: string | null },
    ids: object,
  ): Promise<Called> {
    const ended = { attempts: outgoing.attempts, window: outgoing.window };
    if (deadToken !== null && deadToken === (await fingerprintOf(graph.token))) {
      const error = new GraphError("Meta has refused this token.", { outcome: "failed", code: 190 });
      const settlement = settleFailure(error, { ...ended, now: new Date() });
      return { settlement: { ...settlement, attempt: NOT_CALLED }, token: null };
    }
    FAILPOINTS && (await failpoint("sender.beforeGraph"));
    try {
      const body = bodyOf(messageId, outgoing, outgoing.metaId);
      const accepted = await graph.client.sendMessage(graph.phoneNumberId, body);
      log("message_sent", ids);
      return { settlement: { ...settleAccepted(accepted), attempt: ACCEPTED }, token: { isDead: false } };
    } catch (error) {
      const settlement = { ...settleFailure(error, { ...ended, now: new Date() }), attempt: noteOf(error) };
      report(settlement, error, ids);
      return { settlement, token: await verdictOf(error, graph.token) };
    }
  }

  async #metaIdOf(messageId: number, graph: PhoneGraph): Promise<string | null> {
    return await askDatabase(
      databaseUrlOf(this.env),
      (db) => currentMetaId(this.env, db, graph, messageId),
      FILE_LIMIT_MS,
    );
  }

  async #ask<Answer>(call: (db: Db) => Promise<Answer>): Promise<Answer> {
    return await withRetry(() => askDatabase(databaseUrlOf(this.env), call));
  }

  async #publish(committed: Committed): Promise<void> {
    await undeliveredAfter(publish(this.env, committed), PUBLISH_CAP_MS);
  }
}

function bodyOf(
  messageId: number,
  { epoch, phone, userId, groupId, messageType, payload, replyToWamid }: Outgoing,
  metaId: string | null,
) {
  const tag = formatTag(epoch, messageId);
  const to = { phone, userId, groupId };
  const content = payload[messageType];
  const current = metaId === null ? content : { ...(content as object), id: metaId };
  return toGraphMessage({ to, type: messageType, payload: current, tag, replyToWamid });
}

/** Both writes may be repeated: after a lost answer they give the same again. */
async function withRetry<Answer>(write: () => Promise<Answer>): Promise<Answer> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await write();
    } catch (error) {
      if (tried === TRIES) throw error;
      await scheduler.wait(backoffMs(tried, BACKOFF));
    }
  }
}
