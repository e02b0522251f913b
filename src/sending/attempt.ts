import { WorkerEntrypoint } from "cloudflare:workers";
import { databaseUrlOf } from "../config.ts";
import { connect, type Db } from "../db/client.ts";
import type { Committed } from "../db/committed.ts";
import { claimMessage, type Outgoing, type Settlement, settleMessage } from "../db/outgoing.ts";
import { errorName, log } from "../log.ts";
import { publish, undeliveredAfter } from "../realtime/publish.ts";
import { GraphError } from "../whatsapp/graph-error.ts";
import { formatTag, toGraphMessage } from "../whatsapp/outbound.ts";
import { LEASE_MS, settleAccepted, settleFailure } from "./outbox.ts";
import { graphOf } from "./phone-graph.ts";

const PUBLISH_CAP_MS = 150;
const RECORD_TRIES = 5;
const RECORD_BACKOFF_MS = 200;

/**
 * The calls to Graph, each in an invocation of its own: an object may have only six calls waiting for headers, and a
 * client that goes away must not take a send with it. Called by the Sender over RPC.
 * https://developers.cloudflare.com/workers/platform/limits/#simultaneous-open-connections
 */
export class Attempt extends WorkerEntrypoint<Env> {
  /**
   * Makes one attempt at a message: claims it, calls Graph, records how that ended. Null when the message was not to be
   * had: another attempt holds it, or it has gone its way.
   */
  async send(organizationPhoneId: number, messageId: number): Promise<Settlement | null> {
    const db = connect(databaseUrlOf(this.env));
    const claimId = crypto.randomUUID();
    const claimed = await claimMessage(db, messageId, claimId, new Date(Date.now() + LEASE_MS));
    if (!claimed) return null;
    const told = this.#publish(claimed.committed);
    const settlement = await this.#callGraph(db, organizationPhoneId, messageId, claimed.outgoing);
    await told;
    const committed = await record(db, messageId, claimId, settlement);
    if (committed) await this.#publish(committed);
    return settlement;
  }

  /** Tells Meta that a customer's message, and all before it, were read. */
  async markRead(organizationPhoneId: number, wamid: string): Promise<void> {
    try {
      const graph = await graphOf(this.env, connect(databaseUrlOf(this.env)), organizationPhoneId);
      await graph.client.markRead(graph.phoneNumberId, wamid);
    } catch (error) {
      const code = error instanceof GraphError ? error.code : null;
      log("read_not_told", { organizationPhoneId, code, error: errorName(error) });
    }
  }

  async #callGraph(
    db: Db,
    organizationPhoneId: number,
    messageId: number,
    { epoch, phone, userId, groupId, messageType, payload, replyToWamid, ...known }: Outgoing,
  ): Promise<Settlement> {
    const ids = { organizationPhoneId, chatId: known.chatId, messageId };
    try {
      const graph = await graphOf(this.env, db, organizationPhoneId);
      const tag = formatTag(epoch, messageId);
      const message = {
        to: { phone, userId, groupId },
        type: messageType,
        payload: payload[messageType],
        tag,
        replyToWamid,
      };
      const accepted = await graph.client.sendMessage(graph.phoneNumberId, toGraphMessage(message));
      log("message_sent", ids);
      return settleAccepted(accepted);
    } catch (error) {
      const settlement = settleFailure(error, { ...known, now: new Date() });
      const { code, fbtraceId } = error instanceof GraphError ? error : { code: null, fbtraceId: null };
      const event = settlement.status === "unknown" ? "message_unknown" : "message_failed";
      log(event, { ...ids, status: settlement.status, code, fbtraceId, error: errorName(error) });
      return settlement;
    }
  }

  async #publish(committed: Committed): Promise<void> {
    await undeliveredAfter(publish(this.env, committed), PUBLISH_CAP_MS);
  }
}

/**
 * Meta has answered and Postgres must know: tried some times. If it stays away the lease runs out, the message becomes
 * `unknown`, and the status webhook that carries our id settles it; it is not sent again.
 */
async function record(
  db: Db,
  messageId: number,
  claimId: string,
  settlement: Settlement,
): Promise<Committed | null> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await settleMessage(db, messageId, claimId, settlement);
    } catch (error) {
      if (tried === RECORD_TRIES) throw error;
      await scheduler.wait(RECORD_BACKOFF_MS * 2 ** tried);
    }
  }
}
