import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { aBody, aText } from "../support/meta.ts";

/** The event of one text, as the Worker hands it in. */
export function anEvent(body: string, phoneNumberId = "1", from = "79160000000"): InboundEvent {
  const text = JSON.stringify(aBody(phoneNumberId, aText({ from, body })));
  const [event] = flatten(new TextEncoder().encode(text));
  if (!event) throw new Error("flatten gives at least one event");
  return event;
}
