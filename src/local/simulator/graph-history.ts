import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { phoneState, savePhoneState } from "./accounts.ts";
import type { Simulation } from "./business.ts";
import { phoneMetadata } from "./events.ts";
import type { Fields } from "./fields.ts";
import type { GraphEnv } from "./graph-call.ts";
import { GraphRefusal } from "./graph-errors.ts";
import { requirePhone } from "./graph-nodes.ts";
import { type Customer, messagesWith, type PhoneMessage, type SimulatedPhone, unixSeconds } from "./world.ts";

/** How many threads one webhook carries. */
const CHUNK_THREADS = 2;
const DAY_S = 86_400;
/** The age at which a message belongs to phase 0, 1 or 2. */
const PHASE_ENDS_S = [DAY_S, 90 * DAY_S, 180 * DAY_S];
const SYNC_TYPES = ["smb_app_state_sync", "history"];

/**
 * Synchronizes what the WhatsApp Business app has with the business: its contacts, or the chats of 180 days in three phases.
 * Each can be requested once. https://developers.facebook.com/docs/whatsapp/embedded-signup/custom-flows/onboarding-business-app-users
 */
export function historyRoutes(sim: Simulation): Hono<GraphEnv> {
  const { world } = sim;
  return new Hono<GraphEnv>().post("/:id/smb_app_data", (c) => {
    const phone = requirePhone(world, c.req.param("id"));
    const { messaging_product, sync_type } = c.get("call").body;
    if (messaging_product !== "whatsapp")
      throw new GraphRefusal(100, { message: "(#100) The parameter messaging_product is required." });
    if (!SYNC_TYPES.includes(String(sync_type)))
      throw new GraphRefusal(100, {
        message: `(#100) Param sync_type must be one of {${SYNC_TYPES.join(", ")}}`,
      });
    const { synced } = phoneState(world, phone);
    if (synced.includes(String(sync_type)))
      throw new GraphRefusal(2593107, "This data was requested before: it can be synchronized once.");
    savePhoneState(world, phone, { synced: [...synced, String(sync_type)] });
    const values = sync_type === "history" ? historyOf(sim, phone) : [contactsOf(sim, phone)];
    void sim.webhooks.deliver(
      values.map((value) => ({
        wabaId: phone.wabaId,
        field: String(sync_type),
        value: { messaging_product: "whatsapp", metadata: phoneMetadata(phone), ...value },
        time: unixSeconds(world.now()),
        about: "other" as const,
        lane: `${phone.id} sync`,
      })),
    );
    return c.json({ messaging_product: "whatsapp", request_id: randomUUID().replaceAll("-", "") });
  });
}

function contactsOf({ world }: Simulation, phone: SimulatedPhone): Fields {
  const timestamp = String(unixSeconds(world.now()));
  return {
    state_sync: customersOf(world.journal.all("customer"), phone).map((customer) => ({
      type: "contact",
      contact: {
        full_name: customer.name,
        first_name: customer.name.split(" ")[0],
        ...(customer.phone !== null && customer.phoneVisible && { phone_number: customer.phone }),
        user_id: customer.userId,
        ...(customer.username && { username: customer.username }),
      },
      action: "add",
      metadata: { timestamp },
    })),
  };
}

/** The chunks of all phases, in order; a phase without messages is one empty chunk, so that `progress` always ends at 100. */
function historyOf(sim: Simulation, phone: SimulatedPhone): Fields[] {
  if (!phoneState(sim.world, phone).sharesHistory)
    return [
      { history: [{ errors: [{ code: 2593109, title: "History sync is turned off by the business" }] }] },
    ];
  const now = unixSeconds(sim.world.now());
  const customers = customersOf(sim.world.journal.all("customer"), phone);
  return PHASE_ENDS_S.flatMap((end, phase) => {
    const start = PHASE_ENDS_S[phase - 1] ?? -DAY_S;
    const isInPhase = ({ timestamp }: PhoneMessage) => now - timestamp > start && now - timestamp <= end;
    const threads = customers.flatMap((customer) => {
      const messages = messagesWith(sim.world, customer, phone.id).filter(isInPhase);
      return messages.length === 0 ? [] : [threadOf(phone, customer, messages)];
    });
    const chunks = threads.flatMap((_, i) =>
      i % CHUNK_THREADS === 0 ? [threads.slice(i, i + CHUNK_THREADS)] : [],
    );
    const all = chunks.length === 0 ? [[]] : chunks;
    return all.map((chunk, i) => {
      const progress = Math.floor(((phase + (i + 1) / all.length) / PHASE_ENDS_S.length) * 100);
      return { history: [{ metadata: { phase, chunk_order: i + 1, progress }, threads: chunk }] };
    });
  });
}

function threadOf(phone: SimulatedPhone, customer: Customer, messages: PhoneMessage[]): Fields {
  const { phone_number_id: _, display_phone_number: own } = phoneMetadata(phone);
  const visible = customer.phone !== null && customer.phoneVisible;
  const context = {
    ...(visible && { wa_id: customer.phone }),
    user_id: customer.userId,
    ...(customer.username && { username: customer.username }),
  };
  return {
    id: customer.phone ?? customer.userId,
    context,
    messages: messages.map(({ wamid: id, from, content, status, timestamp }) => ({
      ...(from === "business"
        ? { from: own, ...(visible && { to: customer.phone }) }
        : { ...(visible && { from: customer.phone }), from_user_id: customer.userId }),
      id,
      timestamp: String(timestamp),
      ...content,
      history_context: { status: from === "business" ? businessStatus(status) : "READ" },
    })),
  };
}

function businessStatus(status: PhoneMessage["status"]): string {
  return status === "failed" ? "ERROR" : status === "accepted" ? "PENDING" : status.toUpperCase();
}

/** Those who wrote to this phone. */
function customersOf(customers: Customer[], phone: SimulatedPhone): Customer[] {
  return customers.filter(({ wroteAt }) => wroteAt[phone.id] !== undefined);
}
