import { markPublished } from "../../../src/db/chat-events.ts";
import { createResend, discardUnconfirmed } from "../../../src/db/decisions.ts";
import { findLocked } from "../../../src/db/ingest.ts";
import {
  addUpload,
  dueFiles,
  fileOf,
  fileToSend,
  nextFileDueAt,
  phonesWithDueFiles,
  renewUpload,
  settleFile,
  waitingFile,
} from "../../../src/db/media.ts";
import { findMessage, withPayloads } from "../../../src/db/messages.ts";
import { createMessage, isKeyUsed } from "../../../src/db/new-messages.ts";
import { claimMessage, giveUpMessage, settleMessage } from "../../../src/db/outgoing.ts";
import { marketingStop } from "../../../src/db/templates.ts";
import { testMessage } from "../../../src/db/test-messages.ts";
import { type Call, ingesting, QUEUE_ALLOWANCE, reading, writing } from "./call.ts";
import { newOutgoingText } from "./outgoing-text.ts";
import { GROUP_ID } from "./rare-rows.ts";
import type { RareTargets } from "./rare-targets.ts";
import { LONGEST_CHAT, type Seeded } from "./seed-shape.ts";
import { aWamid, changeOf, from, fromCustomer, now, status, texts } from "./webhooks.ts";

/** An amendment also changes the message that it refers to, and reads what else amends that. */
const AMENDMENT_ALLOWANCE = { perRow: 24, extra: 40 };
const DECISION = { code: "discarded", title: "Discarded", advice: "None" } as never;
const BATCH = 32;

/** Amendments, calls, orders, history, files, and the rarer ends of a send. */
export function messageCalls(seeded: Seeded, targets: RareTargets): Call[] {
  const { organizationId, phones, agentIds } = seeded;
  const { inLongest, ours, people, unconfirmed, withFile } = targets;
  const agentId = agentIds[0] ?? 0;
  const [{ id: phoneId, phoneNumberId } = { id: 0, phoneNumberId: "" }] = phones;
  const [edited, revoked = edited] = inLongest;
  const [discarded, resent = discarded] = unconfirmed;
  const [filed, lost = filed] = withFile;
  const longest = (item: Record<string, unknown>) => () => from(seeded, LONGEST_CHAT, item);
  const history = (type: string) => {
    const placeholders = (wamid: string) => ({
      ...{ id: wamid, from: seeded.customerOf(LONGEST_CHAT).phone, timestamp: "1780000000", type },
      ...(type === "image" && { image: { id: wamid, mime_type: "image/jpeg", sha256: "AbC=" } }),
      history_context: { status: "READ" },
    });
    return wamids.map(placeholders);
  };
  const wamids = Array.from({ length: BATCH }, aWamid);
  const callId = `wacid.${aWamid()}`;
  const file = aWamid();
  const key = aWamid();
  let sent = 0;
  let tag = "";
  const lease = () => ({ claimId: aWamid(), leaseUntil: new Date(Date.now() + 30_000) });
  let upload = 0;
  return [
    ingesting(
      "an edit",
      longest({
        type: "edit",
        edit: {
          original_message_id: edited.wamid,
          message: { type: "text", text: { body: "Good evening" } },
        },
      }),
      AMENDMENT_ALLOWANCE,
    ),
    ingesting(
      "a revoke",
      longest({ type: "revoke", revoke: { original_message_id: revoked.wamid } }),
      AMENDMENT_ALLOWANCE,
    ),
    ingesting("an image", longest({ type: "image", image: { id: file, mime_type: "image/jpeg" } })),
    ingesting(
      "an order",
      longest({
        type: "order",
        order: {
          catalog_id: "1",
          product_items: [{ product_retailer_id: "2", quantity: 1, item_price: 3, currency: "EUR" }],
        },
      }),
    ),
    ...(["connect", "terminate"] as const).map((event) =>
      ingesting(
        `the ${event} of a call`,
        () =>
          changeOf(phoneNumberId, "calls", {
            calls: [
              {
                ...{ id: callId, event, direction: "USER_INITIATED", timestamp: now() },
                ...{ from: seeded.customerOf(LONGEST_CHAT).phone, to: "79001234567", status: "COMPLETED" },
              },
            ],
          }),
        AMENDMENT_ALLOWANCE,
      ),
    ),
    ingesting("32 texts of a group's members", () =>
      wamids.flatMap((_, n) =>
        fromCustomer(
          phoneNumberId,
          { phone: `7916${String(803 + 8 * (n % 16)).padStart(7, "0")}` },
          { type: "text", text: { body: "Good morning" }, group_id: GROUP_ID },
        ),
      ),
    ),
    ingesting("32 old messages without their files", () =>
      changeOf(phoneNumberId, "history", {
        history: [
          {
            metadata: { phase: 1, chunk_order: 1, progress: 50 },
            threads: [{ id: seeded.customerOf(LONGEST_CHAT).phone, messages: history("media_placeholder") }],
          },
        ],
      }),
    ),
    ingesting(
      "32 files of old messages",
      () => changeOf(phoneNumberId, "history", { messages: history("image") }),
      AMENDMENT_ALLOWANCE,
    ),
    writing(
      "which events of a batch have a locked chat (none)",
      async (db) => (await findLocked(db, texts(seeded, [1, 2, 3, 4]))).size,
      { perRow: 0, extra: 20 },
    ),
    reading("numbers with files to fetch", (db) => phonesWithDueFiles(db, new Date()), QUEUE_ALLOWANCE),
    reading("files to fetch", (db) => dueFiles(db, phoneId, new Date(), 20)),
    reading("when the next file is due", (db) => nextFileDueAt(db, phoneId)),
    reading("a file to fetch", (db) => waitingFile(db, filed.mediaId ?? 0)),
    writing("a fetched file", (db) =>
      settleFile(
        db,
        filed.mediaId ?? 0,
        { attempts: 0 },
        { state: "stored", attempts: 1, objectKey: `1/${file}` },
      ),
    ),
    writing("a file that is gone", (db) =>
      settleFile(db, lost.mediaId ?? 0, { attempts: 0 }, { state: "expired", attempts: 1 }),
    ),
    reading("a file", (db) => fileOf(db, organizationId, filed.mediaId ?? 0)),
    reading("an upload", async (db) => {
      upload = await addUpload(db, {
        ...{ organizationId, organizationPhoneId: phoneId, metaId: aWamid(), mimeType: "image/jpeg" },
        ...{ fileName: null, sha256: "AbC=", sizeBytes: 3, objectKey: null, expiresAt: new Date() },
      });
      return 1;
    }),
    reading("an upload again (none)", (db) => renewUpload(db, upload, aWamid(), new Date())),
    reading("a message with its payload", (db) => findMessage(db, organizationId, edited.id)),
    reading("payloads of messages", async (db) => {
      const message = await findMessage(db, organizationId, edited.id);
      return await withPayloads(db, [message ?? undefined]);
    }),
    reading("a test message", (db) => testMessage(db, organizationId, ours[0].id)),
    reading("an opt-out from marketing (none)", (db) => marketingStop(db, organizationId, ours[0].id)),
    reading("a used key (none)", (db) => isKeyUsed(db, agentId, "never used")),
    reading(
      "when events were published (none)",
      (db) =>
        markPublished(
          db,
          LONGEST_CHAT,
          Array.from({ length: 10 }, (_, n) => ({ seq: 100 + 7 * n, atMs: Date.now() })),
        ),
      { perRow: 0, extra: 30 },
    ),
    writing(
      "a message with a file",
      async (db) => {
        const created = await createMessage(db, {
          ...newOutgoingText(seeded),
          ...{ chatId: resent.chatId, mediaId: upload, idempotencyKey: key },
        });
        if (created.kind === "created") sent = created.message.id;
        return created;
      },
      QUEUE_ALLOWANCE,
    ),
    reading("its file", (db) => fileToSend(db, sent)),
    writing(
      "the same message again",
      (db) => createMessage(db, { ...newOutgoingText(seeded), idempotencyKey: key, chatId: resent.chatId }),
      QUEUE_ALLOWANCE,
    ),
    writing(
      "a message that comes after a colleague's",
      (db) => createMessage(db, { ...newOutgoingText(seeded), chatId: LONGEST_CHAT, seenSeq: 0 }),
      { perRow: 0, extra: 500 },
    ),
    writing(
      "a message by phone to somebody known",
      (db) => createMessage(db, { ...newOutgoingText(seeded), chatId: null, phone: people[0].phone }),
      QUEUE_ALLOWANCE,
    ),
    writing(
      "an attempt without an answer",
      async (db) => {
        const { claimId, leaseUntil } = lease();
        const claim = await claimMessage(db, sent, { claimId, leaseUntil }, new Date());
        if (claim.kind === "claimed") tag = `${claim.outgoing.epoch}.${sent}`;
        await settleMessage(db, sent, claimId, { status: "unknown", dueAt: new Date() });
        return 1;
      },
      { perRow: 24, extra: 20 },
    ),
    writing("the end of its wait", async (db) => {
      await giveUpMessage(db, sent);
      return 1;
    }),
    ingesting("a status with our tag", () =>
      status(seeded, resent.chatId, aWamid(), "sent", { biz_opaque_callback_data: tag }),
    ),
    writing("discard an unconfirmed message", (db) =>
      discardUnconfirmed(db, discarded.id, { organizationId, agentId, text: DECISION }),
    ),
    writing(
      "send an unconfirmed message again",
      (db) =>
        createResend(db, {
          ...{ messageId: resent.id, organizationId, agentId, idempotencyKey: aWamid() },
          ...{ fingerprint: "f".repeat(64), createdAt: new Date().toISOString() },
          ...{ retryableReasons: [], text: DECISION },
        }),
      QUEUE_ALLOWANCE,
    ),
  ];
}
