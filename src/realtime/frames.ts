import * as z from "zod/mini";
import { type ChatClientFrame, type InboxClientFrame, SUBPROTOCOL } from "./protocol.ts";

const seq = z.int().check(z.minimum(0));

const ack = z.object({ type: z.literal("ack"), seq });

const chatClientFrame = z.discriminatedUnion("type", [
  ack,
  z.object({ type: z.literal("sync"), seq }),
  z.object({ type: z.literal("typing") }),
  z.object({ type: z.literal("viewing"), visible: z.boolean() }),
]);

const inboxClientFrame = z.discriminatedUnion("type", [
  ack,
  z.object({
    type: z.literal("presence"),
    chatId: z.nullable(z.int().check(z.minimum(1))),
    typing: z.boolean(),
  }),
]);

/** The query of a chat's socket. A client without `since` or without `epoch` is reset. */
export const connectQuery = z.object({
  since: z.optional(z.coerce.number().check(z.int(), z.minimum(0))),
  epoch: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
});

/** What the Worker passes to an object with an authenticated upgrade. */
const upgrade = z.object({
  chatId: z.nullable(z.int()),
  organizationId: z.int(),
  agentId: z.int(),
  name: z.string(),
  /** An older Worker does not send it. */
  isAdmin: z._default(z.boolean(), false),
  tokenExpiresAtMs: z.number(),
  since: z.nullable(z.int()),
  epoch: z.nullable(z.string()),
  ticket: z.nullable(z.object({ id: z.string(), expiresAtMs: z.number() })),
  /** Whether the client offered the subprotocol: the answer names it then, and must not otherwise (RFC 6455 §4.2.2). */
  subprotocol: z.boolean(),
});

export type Upgrade = z.infer<typeof upgrade>;
/** The same before negotiation, with the subprotocols that the client offers. */
type UpgradeOffer = Omit<Upgrade, "subprotocol"> & { offered: string[] };

const UPGRADE_HEADER = "waba-upgrade";

/** Builds the request that opens a socket in an object. It never leaves the Worker, so the object trusts it. */
export function upgradeRequest({ offered, ...offer }: UpgradeOffer): Request {
  const content: Upgrade = { ...offer, subprotocol: offered.includes(SUBPROTOCOL) };
  const headers = { upgrade: "websocket", [UPGRADE_HEADER]: encodeURIComponent(JSON.stringify(content)) };
  return new Request("https://object/socket", { headers });
}

export function parseUpgrade(request: Request): Upgrade {
  return upgrade.parse(JSON.parse(decodeURIComponent(request.headers.get(UPGRADE_HEADER) ?? "")));
}

/** Null for anything that is not a frame of a chat's client. */
export function parseChatClientFrame(text: string): ChatClientFrame | null {
  return chatClientFrame.safeParse(parseJson(text)).data ?? null;
}

/** Null for anything that is not a frame of an inbox's client. */
export function parseInboxClientFrame(text: string): InboxClientFrame | null {
  return inboxClientFrame.safeParse(parseJson(text)).data ?? null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
