import type { Agent } from "./agents.ts";
import { sendToGraph } from "./graph.ts";
import { phoneById } from "./phones.ts";
import { isUniqueViolation, pool } from "./pool.ts";
import type { Publish } from "./receive.ts";
import { newMessage } from "./rows.ts";

export type Outcome = { status: number; body: Record<string, unknown> };

/**
 * Inserts the message and its event in one statement, under the lock of the chat's row. Inserts nothing when the customer
 * service window has closed.
 */
const INSERT = {
  name: "insert-send",
  text: `with known as (select id from "Contact" where "organizationId" = $1 and phone = $3),
    made as (
      insert into "Contact" ("organizationId", phone) select $1, $3 where not exists (select from known)
      on conflict ("organizationId", phone) do update set "updatedAt" = now() returning id),
    contact as (select id from known union all select id from made),
    chat as (
      insert into "Chat" as c ("organizationId", "organizationPhoneId", "contactId", head, "lastMessageAt", "lastMessageId")
      select $1, $2, contact.id, 1, now(), nextval('"Message_id_seq"') from contact
      where not exists (
        select from "Chat" o where o."organizationPhoneId" = $2 and o."contactId" = contact.id
          and o."lastInboundAt" < now() - interval '24 hours')
      on conflict ("organizationPhoneId", "contactId") do update set
        head = c.head + 1, "updatedAt" = now(), "lastMessageId" = excluded."lastMessageId",
        "lastMessageAt" = greatest(c."lastMessageAt", excluded."lastMessageAt")
      returning id, head, currval('"Message_id_seq"')::int as "messageId"),
    message as (
      insert into "Message" (id, "organizationPhoneId", "chatId", seq, "fromMe", "messageType", body, payload, status,
        "agentId", "idempotencyKey", "createdAt")
      select "messageId", $2, id, head, true, 'text', $4, $5, 'queued', $6, $7, now() from chat returning "createdAt"),
    event as (
      insert into "ChatEvent" ("chatId", seq, event, "messageId")
      select id, head, 'message.created', "messageId" from chat)
    select chat.id as "chatId", head as seq, "messageId", "createdAt" from chat, message`,
};

/** Stores Graph's result and its event, under the lock of the chat's row. */
const SETTLE = {
  name: "settle-send",
  text: `with chat as (update "Chat" set head = head + 1, "updatedAt" = now() where id = $2 returning head),
    message as (update "Message" set status = $3, wamid = $4 where id = $1),
    event as (
      insert into "ChatEvent" ("chatId", seq, event, "messageId") select $2, head, 'message.updated', $1 from chat)
    select head from chat`,
};

const FIRST_RESPONSE = {
  name: "first-response",
  text: `select id, "chatId", wamid, status from "Message" where "agentId" = $1 and "idempotencyKey" = $2`,
};

type Queued = { chatId: number; seq: number; messageId: number; createdAt: Date };
type SendRequest = { organizationPhoneId: number; to: string; type: "text"; message: string };

/** Sends a text once: a repeated idempotency key gets the first response. */
export async function send(
  agent: Agent,
  body: unknown,
  key: string | undefined,
  publish: Publish,
): Promise<Outcome> {
  const request = parseRequest(body);
  if (!request) return { status: 400, body: { code: "invalid_request" } };
  const phone = await phoneById(request.organizationPhoneId);
  if (phone?.organizationId !== agent.organizationId) return { status: 404, body: { code: "not_found" } };
  const graphBody = JSON.stringify({
    messaging_product: "whatsapp",
    recipient_type: "individual",
    to: request.to,
    type: "text",
    text: { body: request.message },
  });
  const values = [
    agent.organizationId,
    phone.id,
    request.to,
    request.message,
    graphBody,
    agent.id,
    key ?? null,
  ];
  const queued = await insert(values);
  if (queued === "repeated") return await firstResponse(agent, key);
  if (!queued) return { status: 422, body: { code: "window_closed" } };

  const { chatId, seq, messageId: id, createdAt } = queued;
  const fields = { id, chatId, seq, fromMe: true, body: request.message, agentId: agent.id };
  const message = newMessage({ ...fields, status: "queued", createdAt, receivedAt: createdAt });
  publish(chatId, () => ({ type: "event", chatId, seq, event: "message.created", message }));
  const result = await sendToGraph(phone.phoneNumberId, graphBody);
  const status = result.kind;
  const wamid = result.kind === "accepted" ? result.wamid : null;
  const { rows } = await pool.query<{ head: number }>({ ...SETTLE, values: [id, chatId, status, wamid] });
  const now = { ...message, wamid, status };
  publish(chatId, () => ({
    type: "event",
    chatId,
    seq: rows[0]?.head ?? 0,
    event: "message.updated",
    message: now,
  }));
  return { status: status === "accepted" ? 200 : 202, body: { id, chatId, wamid, status } };
}

function parseRequest(body: unknown): SendRequest | null {
  const { organizationPhoneId, to, type, message } = (body ?? {}) as Record<string, unknown>;
  const isValid =
    Number.isInteger(organizationPhoneId) &&
    typeof to === "string" &&
    /^\+?\d{5,15}$/.test(to) &&
    type === "text" &&
    typeof message === "string" &&
    message.length > 0 &&
    message.length <= 4096;
  return isValid
    ? { organizationPhoneId: organizationPhoneId as number, to: to.replace("+", ""), type, message }
    : null;
}

async function insert(values: unknown[]): Promise<Queued | "repeated" | undefined> {
  try {
    return (await pool.query<Queued>({ ...INSERT, values })).rows[0];
  } catch (error) {
    if (isUniqueViolation(error)) return "repeated";
    throw error;
  }
}

async function firstResponse(agent: Agent, key: string | undefined): Promise<Outcome> {
  const { rows } = await pool.query<{ status: string }>({ ...FIRST_RESPONSE, values: [agent.id, key] });
  const [first] = rows;
  return first?.status === "queued"
    ? { status: 409, body: { code: "idempotency_in_progress" } }
    : { status: 200, body: { ...first } };
}
