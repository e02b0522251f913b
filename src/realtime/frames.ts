import * as z from "zod/mini";
import { type ClientFrame, SUBPROTOCOL } from "./protocol.ts";

const seq = z.int().check(z.minimum(0));

const clientFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ack"), seq }),
  z.object({ type: z.literal("sync"), seq }),
  z.object({ type: z.literal("typing") }),
  z.object({ type: z.literal("viewing"), visible: z.boolean() }),
]);

/** The query of a chat's socket. Without `since` or without `epoch` the client has nothing to go on from. */
export const connectQuery = z.object({
  since: z.optional(z.coerce.number().check(z.int(), z.minimum(0))),
  epoch: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
});

/** What the Worker tells an object about a socket that it has let in. */
const upgrade = z.object({
  chatId: z.nullable(z.int()),
  organizationId: z.int(),
  agentId: z.int(),
  name: z.string(),
  /** A Worker of before does not say. */
  isAdmin: z._default(z.boolean(), false),
  tokenExpiresAtMs: z.number(),
  since: z.nullable(z.int()),
  epoch: z.nullable(z.string()),
  ticket: z.nullable(z.object({ id: z.string(), expiresAtMs: z.number() })),
  /** Whether the client offered the subprotocol: then the answer must name it, else it must not (RFC 6455 §4.2.2). */
  subprotocol: z.boolean(),
});

export type Upgrade = z.infer<typeof upgrade>;
/** The same as the Worker knows it: with the subprotocols that the client offers. */
type Asked = Omit<Upgrade, "subprotocol"> & { offered: string[] };

const UPGRADE_HEADER = "waba-upgrade";

/** The request that opens a socket in an object. It never leaves the Worker: whoever can make it is trusted. */
export function upgradeRequest({ offered, ...asked }: Asked): Request {
  const told: Upgrade = { ...asked, subprotocol: offered.includes(SUBPROTOCOL) };
  const headers = { upgrade: "websocket", [UPGRADE_HEADER]: encodeURIComponent(JSON.stringify(told)) };
  return new Request("https://object/socket", { headers });
}

export function readUpgrade(request: Request): Upgrade {
  return upgrade.parse(JSON.parse(decodeURIComponent(request.headers.get(UPGRADE_HEADER) ?? "")));
}

/** A client's frame, or null when it is none. */
export function readClientFrame(text: string): ClientFrame | null {
  try {
    return clientFrame.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
