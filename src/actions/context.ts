import type { TokenHolder } from "../db/agents.ts";
import type { Db } from "../db/client.ts";
import type { Committed } from "../db/committed.ts";
import type { Settlement } from "../db/outgoing.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";
import { handIn } from "../intake/hand-in.ts";
import { publish, undeliveredAfter } from "../realtime/publish.ts";
import { handOver, tellRead } from "../sending/hand-over.ts";

/** An answer waits so long for the fan-out: a client that misses it asks within a minute. */
const PUBLISH_CAP_MS = 150;

/** Who asks. The organization comes from the token alone. */
export type Agent = TokenHolder & { id: number };

/** All that an action may reach. */
export type ActionContext = {
  agent: Agent;
  db: Db;
  now: () => Date;
  /** Tells those who watch what was committed. Never fails: a client that misses it asks within a minute. */
  publish: (committed: Committed) => Promise<void>;
  /** Has a written message sent; null when how it ended is not known within `waitMs`. */
  handOver: (
    message: { organizationPhoneId: number; chatId: number; id: number },
    waitMs: number,
  ) => Promise<Settlement | null>;
  /** Takes in what Meta told us, as a webhook does. Throws `not_durable`. */
  handIn: (events: InboundEvent[]) => Promise<void>;
  /** Tells Meta that a customer's message was read. Never fails. */
  tellRead: (organizationPhoneId: number, wamid: string) => Promise<void>;
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
    handOver: (message, waitMs) => handOver(env, message, waitMs),
    handIn: (events) => handIn(env, events),
    tellRead: (organizationPhoneId, wamid) => tellRead(env, organizationPhoneId, wamid),
  };
}
