import { Hono } from "hono";
import { allPhones, findPhone } from "./accounts.ts";
import type { Simulation } from "./business.ts";
import { readByCustomer } from "./business.ts";
import { accountControl } from "./control-accounts.ts";
import { templateControl } from "./control-templates.ts";
import { adjustCustomer, shownMessages, writeAsCustomer } from "./customer.ts";
import { echoText } from "./echoes.ts";
import { BadInput, type Fields, isFields, parseBody } from "./fields.ts";
import { findMedia } from "./media.ts";
import { fileResponse } from "./media-response.ts";
import {
  type Customer,
  customerKey,
  findCustomer,
  findOrCreateCustomer,
  type SimulatedPhone,
  unixSeconds,
} from "./world.ts";

/**
 * The API with which scripts, tests and the phone page control the simulator, mounted at `/simulator`. `:customer` is a phone
 * or a BSUID; an unknown customer is created. The response to bad input is a 400 that names the field.
 */
export function controlRoutes(sim: Simulation): Hono {
  const { world, faults, webhooks } = sim;
  const { journal } = world;
  const app = new Hono();
  app.onError((error, c) => {
    if (error instanceof BadInput)
      return c.json({ error: { field: error.field, message: error.message } }, 400);
    throw error;
  });

  app.post("/customers/:customer/messages", async (c) => {
    const key = requireKey(c.req.param("customer"));
    const phone = requirePhone(sim, c.req.query("phoneNumberId"));
    const body = parseBody(await c.req.text());
    const message = writeAsCustomer(sim, findOrCreateCustomer(world, key), phone, body);
    const { wamid, timestamp, content, phoneNumberId } = message;
    return c.json({ wamid, phoneNumberId, timestamp, ...content }, 201);
  });
  app.get("/customers/:customer/messages", (c) => {
    const customer = findCustomer(world, requireKey(c.req.param("customer")));
    const phoneNumberId = c.req.query("phoneNumberId");
    if (phoneNumberId !== undefined) requirePhone(sim, phoneNumberId);
    return c.json({ data: customer ? shownMessages(sim, customer, phoneNumberId) : [] });
  });
  app.post("/customers/:customer/echoes", async (c) => {
    const customer = findOrCreateCustomer(world, requireKey(c.req.param("customer")));
    const phone = requirePhone(sim, c.req.query("phoneNumberId"));
    const { wamid, timestamp } = echoText(sim, customer, phone, parseBody(await c.req.text()));
    return c.json({ wamid, timestamp }, 201);
  });
  app.post("/customers/:customer/read", async (c) => {
    const customer = findOrCreateCustomer(world, requireKey(c.req.param("customer")));
    void readByCustomer(sim, customer);
    return c.json(customerView(sim, customer));
  });
  app.get("/customers", (c) =>
    c.json({ data: journal.all("customer").map((one) => customerView(sim, one)) }),
  );
  app.get("/customers/:customer", (c) =>
    c.json(customerView(sim, findOrCreateCustomer(world, requireKey(c.req.param("customer"))))),
  );
  app.put("/customers/:customer", async (c) => {
    const key = requireKey(c.req.param("customer"));
    const settings = parseBody(await c.req.text());
    return c.json(customerView(sim, adjustCustomer(sim, findOrCreateCustomer(world, key), settings)));
  });

  app.put("/faults", async (c) => {
    faults.set(parseBody(await c.req.text()));
    webhooks.flush();
    return c.json(faults.list());
  });
  app.post("/faults", async (c) => {
    faults.add(parseBody(await c.req.text()));
    return c.json(faults.list());
  });
  app.get("/faults", (c) => c.json(faults.list()));
  app.delete("/faults", (c) => {
    faults.clear();
    webhooks.flush();
    return c.body(null, 204);
  });

  app.get("/requests", (c) => {
    const phone = c.req.query("phoneNumberId");
    const data = journal.all("request").filter(({ phoneNumberId }) => !phone || phoneNumberId === phone);
    return c.json({ data });
  });
  app.delete("/requests", (c) => {
    for (const { id } of journal.all("request")) journal.remove("request", id);
    return c.body(null, 204);
  });

  // What a phone shows needs no token.
  app.get("/media/:id", (c) => {
    const media = findMedia(world, c.req.param("id"));
    if (!media) throw new BadInput("id", "is not a file of this simulator");
    return fileResponse(media, null);
  });

  app.route("/", accountControl(sim));
  app.route("/templates", templateControl(sim));

  app.get("/deliveries", (c) => {
    const after = Number(c.req.query("after") ?? 0);
    if (!Number.isInteger(after)) throw new BadInput("after", "must be the id of a delivery");
    return c.json({ data: webhooks.deliveriesAfter(after) });
  });
  app.get("/webhooks", (c) => c.json({ data: journal.all("webhook") }));
  app.post("/webhooks", async (c) => {
    const { field, value, wabaId = allPhones(world)[0]?.wabaId, ...rest } = parseBody(await c.req.text());
    for (const key of Object.keys(rest))
      throw new BadInput(key, "is unknown; allowed are field, value, wabaId");
    if (typeof field !== "string" || field === "")
      throw new BadInput("field", "must be the name of a webhook field");
    if (!isFields(value)) throw new BadInput("value", "must be an object");
    if (typeof wabaId !== "string" || !/^\d+$/.test(wabaId)) throw new BadInput("wabaId", "must be digits");
    void webhooks.deliver([
      { wabaId, field, value, time: unixSeconds(world.now()), about: "other", lane: wabaId },
    ]);
    return c.json({ field, value, wabaId }, 202);
  });

  app.delete("/", (c) => {
    faults.clear();
    webhooks.clear();
    journal.clear();
    return c.body(null, 204);
  });
  app.all("*", (c) =>
    c.json({ error: { field: "path", message: `${c.req.method} ${c.req.path} does not exist.` } }, 404),
  );
  return app;
}

function requireKey(customer: string): string {
  const key = customerKey(customer);
  if (!key) throw new BadInput("customer", "must be a phone number or a BSUID such as US.1234");
  return key;
}

/** The first phone when `id` is undefined. */
function requirePhone({ world }: Simulation, id: string | undefined): SimulatedPhone {
  const phone = id === undefined ? allPhones(world)[0] : findPhone(world, id);
  if (!phone) throw new BadInput("phoneNumberId", "is not a phone of this simulator");
  return phone;
}

function customerView({ world }: Simulation, customer: Customer): Fields {
  const { id, phone, dialled = [], userId, username, name, phoneVisible, reads, typing } = customer;
  const typingNow = typing && new Date(typing.until) > world.now() ? typing : null;
  return { id, phone, dialled, userId, username, name, phoneVisible, reads, typing: typingNow };
}
