import type { TokenHolder } from "../db/agents.ts";
import type { Db } from "../db/client.ts";
import type { Committed } from "../db/committed.ts";
import type { NewMessage } from "../db/new-messages.ts";
import type { Settlement } from "../db/outgoing.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import type { SpooledDetails, SpooledRetry, SpoolPlace } from "../domain/spooled-event.ts";
import type { SystemFacts } from "../domain/system-check.ts";
import { spoolStates } from "../intake/shards.ts";
import {
  removeSpooled,
  retrySpooled,
  type SpooledPage,
  spooledEvent,
  spooledEventsAfter,
} from "../intake/spooled-events.ts";
import { submitEvents } from "../intake/submit.ts";
import { errorName, log } from "../log.ts";
import { deleteDiscarded } from "../media/sweep-bucket.ts";
import { wakeFetchers } from "../media/wake.ts";
import { type NumberAccess, numberAccess } from "../phones/number-access.ts";
import { type AccountGraph, openAccountGraph } from "../phones/phone-graph.ts";
import { systemFacts } from "../phones/system-facts.ts";
import { publish, publishErased, publishLabels, undeliveredAfter } from "../realtime/publish.ts";
import {
  dispatch,
  type SentNew,
  type StoredMessage,
  sendAtOnce,
  sendReadReceipt,
  showTyping,
} from "../sending/dispatch.ts";

/** How long a response waits for the fan-out: a client that misses it asks within a minute. */
const PUBLISH_CAP_MS = 150;
/** Nothing repeats this for a client that misses it. */
const ERASED_CAP_MS = 5_000;

/** Who asks. The organization comes from the token alone. */
export type Agent = TokenHolder & { id: number };

/** All that an action may reach. */
export type ActionContext = {
  agent: Agent;
  db: Db;
  now: () => Date;
  /** Publishes what was committed to those who watch. Never fails: a client that misses it asks within a minute. */
  publish: (committed: Committed) => Promise<void>;
  /** Closes the sockets of erased chats, and takes them out of open inboxes. Never fails. */
  publishErased: (chatIds: number[]) => Promise<void>;
  /** Has open inboxes load the organization's labels again. Never fails: a client that misses it asks within a minute. */
  publishLabels: () => Promise<void>;
  /** Deletes the objects that were discarded. Never fails: the schedule deletes what is left. */
  deleteDiscarded: () => Promise<void>;
  /** Dispatches a stored message; null when its result is not known within `waitMs`. */
  dispatch: (message: StoredMessage, waitMs: number) => Promise<Settlement | null>;
  /** Stores a new message and sends it in one go; null when it is still to be stored. */
  sendAtOnce: (message: NewMessage, waitMs: number) => Promise<SentNew | null>;
  /** Wakes a phone's file fetcher. Does not wait and never fails. */
  wakeFetchers: (organizationPhoneId: number) => void;
  /** Submits inbound events to Intake, as a webhook does. Throws `not_durable`. */
  submitEvents: (events: InboundEvent[]) => Promise<void>;
  /** The webhook events that wait in the spools, of the given phone number IDs. */
  spool: {
    list: (phoneNumberIds: string[], after: SpoolPlace | null, limit: number) => Promise<SpooledPage>;
    find: (phoneNumberIds: string[], id: number) => Promise<SpooledDetails | null>;
    retry: (phoneNumberIds: string[], id: number) => Promise<SpooledRetry | null>;
    remove: (phoneNumberIds: string[], id: number) => Promise<boolean | null>;
  };
  /** Sends Meta a read receipt for a customer's message. Never fails. */
  sendReadReceipt: (organizationPhoneId: number, wamid: string) => Promise<void>;
  /** Sends a read receipt and a typing indicator. Never fails. */
  showTyping: (organizationPhoneId: number, wamid: string) => Promise<void>;
  /** A number's account at Graph; which numbers are the organization's is for the caller to know. Throws `AccessTokenError`. */
  graph: (organizationPhoneId: number) => Promise<AccountGraph>;
  /** Graph for numbers that are being connected or checked, and their tokens. */
  numbers: NumberAccess;
  /** The state of our own parts, with the Graph version of a number. */
  systemFacts: (version: string) => Promise<SystemFacts>;
};

/** What an agent's actions reach in this Worker. */
export function actionContext(env: Env, db: Db, agent: Agent): ActionContext {
  return {
    agent,
    db,
    now: () => new Date(),
    publish: async (committed) => {
      await undeliveredAfter(publish(env, committed), PUBLISH_CAP_MS);
    },
    publishErased: async (chatIds) => {
      await undeliveredAfter(publishErased(env, agent.organizationId, chatIds), ERASED_CAP_MS);
    },
    publishLabels: async () => {
      await undeliveredAfter(publishLabels(env, agent.organizationId), PUBLISH_CAP_MS);
    },
    deleteDiscarded: async () => {
      await deleteDiscarded(env).catch((error: unknown) =>
        log("request_failed", { route: "delete discarded files", error: errorName(error) }),
      );
    },
    dispatch: (message, waitMs) => dispatch(env, message, waitMs),
    sendAtOnce: (message, waitMs) => sendAtOnce(env, message, waitMs),
    wakeFetchers: (organizationPhoneId) => wakeFetchers(env, [organizationPhoneId]),
    submitEvents: (events) => submitEvents(env, events),
    spool: {
      list: (phoneNumberIds, after, limit) => spooledEventsAfter(env, phoneNumberIds, after, limit),
      find: (phoneNumberIds, id) => spooledEvent(env, phoneNumberIds, id),
      retry: (phoneNumberIds, id) => retrySpooled(env, phoneNumberIds, id),
      remove: (phoneNumberIds, id) => removeSpooled(env, phoneNumberIds, id),
    },
    sendReadReceipt: (organizationPhoneId, wamid) => sendReadReceipt(env, organizationPhoneId, wamid),
    showTyping: (organizationPhoneId, wamid) => showTyping(env, organizationPhoneId, wamid),
    graph: (organizationPhoneId) => openAccountGraph(env, db, organizationPhoneId),
    numbers: numberAccess(env),
    systemFacts: (version) =>
      systemFacts(env, db, { version, askObjects: () => spoolStates(env), now: new Date() }),
  };
}
