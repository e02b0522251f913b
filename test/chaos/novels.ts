import { setTimeout as sleep } from "node:timers/promises";
import type WebSocket from "ws";
import type { ChatFrame } from "../../src/realtime/protocol.ts";
import { type Agent, anAgent } from "./agents.ts";
import { openChatSocket } from "./chat-socket.ts";
import { aText, makeTestChats, type TestChat } from "./events.ts";
import { baseDifferences } from "./ledger.ts";
import { type Report, summary } from "./report.ts";
import { settle } from "./settle.ts";
import { startRun } from "./start-run.ts";
import type { System } from "./system.ts";

const AGENTS = 20;
const CUSTOMERS = 10;
const TEXTS = 20;
const LETTERS = 65_000;
const TEXT_EVERY_MS = 500;
const MEMORY_EVERY_MS = 500;
const CATCH_UP_MS = 30_000;
const SETTLE_TIMEOUT_MS = 120_000;
const ANSWER_LIMIT_BYTES = 2_000_000;
const MEMORY_LIMIT_BYTES = 100_000_000;

type Place = { head: number; epoch: string };

type Reader = { chatId: number; seq: number; closed: number[]; gaps: number; largestFrame: number };

/** Ten customers write twenty novels each, while twenty agents have their chats open and acknowledge what they get. */
export async function novels(system: System): Promise<Report> {
  const { deliveries, admin } = await startRun(system);
  const chats = makeTestChats().slice(0, CUSTOMERS);
  const rows = await system.query<{ id: number; phone: string }>(
    `select c.id, k.phone from "Chat" c join "Contact" k on k.id = c."contactId" where c."organizationPhoneId" = 1`,
  );
  const sockets: WebSocket[] = [];
  const readers: Reader[] = [];
  for (let n = 0; n < AGENTS; n += 1) {
    const row = rows.find(({ phone }) => phone === chats[n % CUSTOMERS]?.customer);
    if (!row) throw new Error("a customer has no chat");
    const agent = await anAgent(system.url, 1, `agent-${n}`);
    const { head, epoch } = (await (await agent.get(`/chats/${row.id}`)).json()) as Place;
    const reader = { chatId: row.id, seq: head, closed: [], gaps: 0, largestFrame: 0 };
    sockets.push(await open(system, agent, reader, epoch));
    readers.push(reader);
  }
  const pid = await system.workerPid();
  const before = (await system.workerBytes()) ?? 0;
  let highest = before;
  const measuring = setInterval(
    () => void system.workerBytes().then((bytes) => (highest = Math.max(highest, bytes ?? 0))),
    MEMORY_EVERY_MS,
  );
  for (let i = 0; i < TEXTS; i += 1) {
    for (const chat of chats) void deliveries.deliver([aNovel(chat)]);
    await sleep(TEXT_EVERY_MS);
  }
  const settled = await settle(system, deliveries, admin, SETTLE_TIMEOUT_MS);
  const heads = new Map(
    (await system.query<{ id: number; head: number }>('select id, head from "Chat"')).map(({ id, head }) => [
      id,
      head,
    ]),
  );
  const isBehind = (reader: Reader) => reader.seq < (heads.get(reader.chatId) ?? 0);
  for (let waited = 0; readers.some(isBehind) && waited < CATCH_UP_MS; waited += 100) await sleep(100);
  clearInterval(measuring);
  const largestAnswer = await largestAnswerOf(
    admin,
    readers.map(({ chatId }) => chatId),
  );
  const closed = readers.flatMap((reader) => reader.closed);
  for (const socket of sockets) socket.terminate();
  const growth = highest - before;
  const hasDied = (await system.workerPid()) !== pid;
  return {
    ...summary(system, deliveries, settled),
    closed,
    largestFrame: Math.max(...readers.map(({ largestFrame }) => largestFrame)),
    largestAnswer,
    memory: { before, highest, growth },
    differences: [
      ...(hasDied ? ["workerd died by itself"] : []),
      ...closed.map((code) => `a socket was closed with ${code}`),
      ...readers.filter(isBehind).map(({ chatId, seq }) => `a client of chat ${chatId} is at ${seq}`),
      ...readers.filter(({ gaps }) => gaps > 0).map(({ chatId }) => `a client of chat ${chatId} has a gap`),
      ...(largestAnswer > ANSWER_LIMIT_BYTES ? [`an answer has ${largestAnswer} bytes`] : []),
      ...(growth > MEMORY_LIMIT_BYTES ? [`workerd grew by ${growth} bytes`] : []),
      ...(await baseDifferences(system, deliveries, settled)),
    ],
  };
}

async function open(system: System, agent: Agent, reader: Reader, epoch: string): Promise<WebSocket> {
  const socket = openChatSocket(system.url, agent, reader.chatId, { seq: reader.seq, epoch });
  const greeted = Promise.withResolvers<void>();
  socket.on("message", (data) => {
    const text = String(data);
    reader.largestFrame = Math.max(reader.largestFrame, Buffer.byteLength(text));
    const frame = JSON.parse(text) as ChatFrame;
    if (frame.type === "hello") greeted.resolve();
    if (frame.type !== "event") return;
    if (frame.seq > reader.seq + 1) reader.gaps += 1;
    reader.seq = Math.max(reader.seq, frame.seq);
    socket.send(JSON.stringify({ type: "ack", seq: reader.seq }));
  });
  socket.on("close", (code) => reader.closed.push(code));
  socket.on("error", (error) => greeted.reject(error));
  await greeted.promise;
  return socket;
}

/** Over all pages of the lists and of each chat. */
async function largestAnswerOf(admin: Agent, chatIds: number[]): Promise<number> {
  let largest = 0;
  const read = async (path: string) => {
    const text = await (await admin.get(path)).text();
    largest = Math.max(largest, Buffer.byteLength(text));
    return JSON.parse(text) as { nextCursor: string | null; data: { seq?: number }[] };
  };
  await read("/chats");
  for (const id of new Set(chatIds)) {
    await read(`/chats/${id}`);
    for (const include of ["", "&include=payload"]) {
      await read(`/chats/${id}/messages?limit=100${include}`);
      await read(`/chats/${id}/events?after=0${include}`);
    }
  }
  return largest;
}

function aNovel(chat: TestChat) {
  const text = aText(chat);
  const [message] = text.value.messages as [{ text: { body: string } }];
  message.text.body = "Ж".repeat(LETTERS);
  return text;
}
