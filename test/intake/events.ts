import { NeonDbError } from "@neondatabase/serverless";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { aBody, aText } from "../support/meta.ts";

/** The event of one text message, as the Worker submits it. */
export function anEvent(body: string, phoneNumberId = "1", from = "79160000000"): InboundEvent {
  const text = JSON.stringify(aBody(phoneNumberId, aText({ from, body })));
  const [event] = flatten(new TextEncoder().encode(text));
  if (!event) throw new Error("flatten gives at least one event");
  return event;
}

/** The error of the driver for a SQLSTATE. */
export function anErrorOf(sqlState: string): Error {
  const cause = new NeonDbError(`refused with ${sqlState}`);
  cause.code = sqlState;
  // Drizzle wraps the driver's errors.
  return new Error("Failed query", { cause });
}
