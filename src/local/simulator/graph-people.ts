import { Hono } from "hono";
import type { Simulation } from "./business.ts";
import { type Fields, listOf } from "./fields.ts";
import type { GraphEnv } from "./graph-call.ts";
import { GraphRefusal } from "./graph-errors.ts";
import { requirePhone } from "./graph-nodes.ts";
import { pageOf } from "./graph-pages.ts";
import { customerKey, findCustomer, unixSeconds } from "./world.ts";

const BLOCKABLE_S = 24 * 60 * 60;
const PROFILE = ["about", "address", "description", "email", "websites", "vertical"];

/** A phone's business profile, and the customers that it has blocked. */
export function peopleRoutes(sim: Simulation): Hono<GraphEnv> {
  const { journal } = sim.world;
  return new Hono<GraphEnv>()
    .get("/:id/whatsapp_business_profile", (c) => {
      const { id } = requirePhone(sim.world, c.req.param("id"));
      const profile = journal.get("profile", id)?.profile ?? { vertical: "UNDEFINED" };
      return c.json({ data: [{ ...profile, messaging_product: "whatsapp" }] });
    })
    .post("/:id/whatsapp_business_profile", (c) => {
      const { id } = requirePhone(sim.world, c.req.param("id"));
      const { messaging_product, profile_picture_handle: _, ...change } = c.get("call").body;
      if (messaging_product !== "whatsapp") throw new GraphRefusal(100, "messaging_product is required.");
      const unknown = Object.keys(change).find((key) => !PROFILE.includes(key));
      if (unknown) throw new GraphRefusal(100, `Unexpected key "${unknown}".`);
      const profile = { vertical: "UNDEFINED", ...journal.get("profile", id)?.profile, ...change };
      journal.put("profile", id, { profile });
      return c.json({ success: true });
    })
    .get("/:id/block_users", (c) => {
      const { id } = requirePhone(sim.world, c.req.param("id"));
      const blocked = journal.all("blocked").filter((row) => row.phoneNumberId === id);
      const data = blocked.map(({ customerId }) => ({ messaging_product: "whatsapp", wa_id: customerId }));
      return c.json({ paging: {}, ...pageOf(c, data) });
    })
    .post("/:id/block_users", (c) => c.json(block(sim, c.req.param("id"), c.get("call").body)))
    .delete("/:id/block_users", (c) => c.json(unblock(sim, c.req.param("id"), c.get("call").body)));
}

/** Only a customer who has written in the last 24 hours can be blocked. */
function block({ world }: Simulation, phoneNumberId: string, body: Fields): Fields {
  const { id } = requirePhone(world, phoneNumberId);
  const added: Fields[] = [];
  const failed: Fields[] = [];
  for (const { input, customer } of usersOf(world, body)) {
    const wroteAt = customer?.wroteAt[id] ?? 0;
    if (customer && unixSeconds(world.now()) - wroteAt < BLOCKABLE_S) {
      world.journal.put("blocked", `${id} ${customer.id}`, { phoneNumberId: id, customerId: customer.id });
      added.push({ input, wa_id: customer.phone, user_id: customer.userId });
    } else {
      const error = { message: "Re-engagement required", code: 139101, error_data: { details: input } };
      failed.push({ input, errors: [error] });
    }
  }
  const failures = failed.length > 0 && { failed_users: failed };
  return { messaging_product: "whatsapp", block_users: { added_users: added, ...failures } };
}

function unblock({ world }: Simulation, phoneNumberId: string, body: Fields): Fields {
  const { id } = requirePhone(world, phoneNumberId);
  const removed = usersOf(world, body).map(({ input, customer }) => {
    if (customer) world.journal.remove("blocked", `${id} ${customer.id}`);
    return { input, wa_id: customer?.phone, user_id: customer?.userId };
  });
  return { messaging_product: "whatsapp", block_users: { removed_users: removed } };
}

function usersOf(world: Simulation["world"], { messaging_product, block_users }: Fields) {
  const users = listOf(block_users);
  if (messaging_product !== "whatsapp" || users.length === 0)
    throw new GraphRefusal(100, "The parameter block_users is required.");
  return users.map(({ user, user_id }) => {
    const input = String(user ?? user_id);
    const key = customerKey(input);
    return { input, customer: key ? findCustomer(world, key) : null };
  });
}
