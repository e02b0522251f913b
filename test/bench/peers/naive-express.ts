import { createServer } from "node:http";
import express from "express";
import { listen } from "../systems/listening.ts";
import { isSignedByMeta, textsOf } from "./meta.ts";
import { phoneByMetaId } from "./phones.ts";
import { pool } from "./pool.ts";

// A typical first version: responds first, handles only the first message of a body, checks for duplicates before it inserts,
// and uses no transaction. A failure after the response loses the message.
const app = express();

app.post("/api/waba/webhook", express.raw({ type: "*/*" }), (request, response) => {
  if (!isSignedByMeta(request.body, request.get("x-hub-signature-256"))) {
    response.sendStatus(401);
    return;
  }
  response.sendStatus(200);
  store(request.body).catch(() => undefined);
});

async function store(body: Buffer): Promise<void> {
  const [message] = textsOf(body);
  const phone = message && (await phoneByMetaId(message.phoneNumberId));
  if (!phone) return;
  if (
    await find(`select id from "Message" where wamid = $1 and "organizationPhoneId" = $2`, [
      message.wamid,
      phone.id,
    ])
  )
    return;
  const contactId =
    (await find(`select id from "Contact" where phone = $1 and "organizationId" = $2`, [
      message.from,
      phone.organizationId,
    ])) ??
    (await find(`insert into "Contact" ("organizationId", phone, name) values ($1, $2, $3) returning id`, [
      phone.organizationId,
      message.from,
      message.name,
    ]));
  const chatId =
    (await find(`select id from "Chat" where "contactId" = $1 and "organizationPhoneId" = $2`, [
      contactId,
      phone.id,
    ])) ??
    (await find(
      `insert into "Chat" ("organizationId", "organizationPhoneId", "contactId") values ($1, $2, $3) returning id`,
      [phone.organizationId, phone.id, contactId],
    ));
  const { rows } = await pool.query<{ head: number }>(`select head from "Chat" where id = $1`, [chatId]);
  const seq = (rows[0]?.head ?? 0) + 1;
  const messageId = await find(
    `insert into "Message" ("organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload, "createdAt")
     values ($1, $2, $3, $4, false, 'text', $5, $6, $7) returning id`,
    [phone.id, chatId, seq, message.wamid, message.text, message.payload, message.createdAt],
  );
  await pool.query(
    `update "Chat" set head = $2, "unreadCount" = "unreadCount" + 1, "lastMessageId" = $3, "lastMessageAt" = $4,
       "lastInboundAt" = $4 where id = $1`,
    [chatId, seq, messageId, message.createdAt],
  );
  await pool.query(
    `insert into "ChatEvent" ("chatId", seq, event, "messageId") values ($1, $2, 'message.created', $3)`,
    [chatId, seq, messageId],
  );
}

async function find(text: string, values: unknown[]): Promise<number | undefined> {
  return (await pool.query<{ id: number }>(text, values)).rows[0]?.id;
}

listen(createServer(app));
