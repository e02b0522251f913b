import { z } from "zod";
import type { MessageContent } from "../domain/message-content.ts";

// The content of a message, as the domain's `MessageContent` declares it: `satisfies` at the end compares the two.

/** Hono's answer types cannot follow a message inside a message, so the inner one is any JSON to them. */
type Shown = MessageContent extends infer One ? (One extends { type: "edit" } ? Loose<One> : One) : never;
type Loose<Edit> = Omit<Edit, "message"> & { message: unknown };

const text = z.string().nullable();
const number = z.number().nullable();
const product = z.object({ catalogId: text, productId: text });
const choice = z.object({ id: text, title: text, description: text });
const form = { text, response: z.record(z.string(), z.unknown()).nullable(), responseText: text };

const context = z
  .object({
    wamid: text,
    from: text,
    forwarded: z.boolean(),
    frequentlyForwarded: z.boolean(),
    product: product.nullable(),
  })
  .meta({ id: "MessageContext" });

const referral = z
  .object({
    sourceUrl: text,
    sourceId: text,
    sourceType: text,
    headline: text,
    text,
    mediaType: text,
    imageUrl: text,
    videoUrl: text,
    thumbnailUrl: text,
    clickId: text,
    welcomeText: text,
  })
  .meta({ id: "Referral", description: "The advertisement that the customer came from." });

const sender = z
  .object({ phone: text, userId: text })
  .meta({ id: "GroupSender", description: "In a group: the member who wrote." });

const metaError = z.object({ code: number, title: text, detail: text, href: text }).meta({ id: "MetaError" });

const commonFields = z
  .object({
    context: context.nullable(),
    referral: referral.nullable(),
    sender: sender.nullable(),
    identityHash: text,
    errors: z.array(metaError),
  })
  .meta({ id: "ContentCommonFields" });

function of<const Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) {
  return z.object({ type: z.literal(type), ...shape });
}

const card = z.object({
  name: text,
  phones: z.array(z.object({ phone: text, whatsapp: text, type: text })),
  emails: z.array(z.object({ email: text, type: text })),
  addresses: z.array(
    z.object({ street: text, city: text, state: text, zip: text, country: text, type: text }),
  ),
  urls: z.array(z.object({ url: text, type: text })),
  organization: z.object({ company: text, department: text, title: text }).nullable(),
  birthday: text,
  origin: text,
  vcard: text,
});

const contentByType = z
  .discriminatedUnion("type", [
    of("text", { text }),
    z.object({
      type: z.enum(["image", "video", "audio", "document", "sticker"]),
      mediaId: text,
      mimeType: text,
      sha256: text,
      fileName: text,
      caption: text,
      voice: z.boolean(),
      animated: z.boolean(),
    }),
    of("location", { latitude: number, longitude: number, name: text, address: text, url: text }),
    of("contacts", { contacts: z.array(card), count: z.number() }),
    of("reaction", { wamid: text, emoji: text }),
    of("edit", {
      wamid: text,
      message: z.lazy((): z.ZodType<unknown> => messageContent.nullable()),
    }),
    of("revoke", { wamid: text }),
    of("buttonReply", { id: text, title: text }),
    of("listReply", { id: text, title: text, description: text }),
    of("templateButton", { text, payload: text }),
    of("flowReply", { name: text, ...form }),
    of("addressReply", form),
    of("callPermissionReply", { response: text, permanent: z.boolean(), expiresAt: text, source: text }),
    of("payment", {
      method: text,
      status: text,
      referenceId: text,
      lastFourDigits: text,
      at: text,
    }),
    of("order", {
      catalogId: text,
      text,
      items: z.array(z.object({ productId: text, quantity: number, price: number, currency: text })),
      count: z.number(),
    }),
    of("call", {
      direction: z.enum(["inbound", "outbound"]),
      state: z.enum(["ringing", "answered", "rejected", "missed", "ended"]),
      startedAt: text,
      endedAt: text,
      durationSeconds: number,
    }),
    of("system", {
      event: z.enum(["numberChanged", "userIdChanged", "identityChanged", "other"]),
      name: text,
      text,
      previous: z.object({ phone: text, userId: text }),
      current: z.object({ phone: text, userId: text, parentUserId: text }),
    }),
    of("requestWelcome", {}),
    of("interactive", {
      kind: text,
      header: z.object({ type: text, text, mediaId: text }).nullable(),
      text,
      footer: text,
      button: text,
      choices: z.array(choice),
      products: z.array(product),
      cards: z.array(z.object({ text, button: text })),
      order: z.object({ referenceId: text, status: text, amount: number, currency: text }).nullable(),
    }),
    of("template", {
      name: text,
      language: text,
      parameters: z.array(z.object({ component: text, index: number, name: text, type: text, text })),
    }),
    of("unsupported", { name: text }),
    of("unknown", {}),
    of("errors", {}),
    of("mediaPlaceholder", {}),
    of("other", { name: z.string() }).meta({
      description: "A type that this version does not know, under Meta's name for it.",
    }),
  ])
  .meta({ id: "ContentByType" });

export const messageContent = z.intersection(contentByType, commonFields).meta({
  id: "MessageContent",
  description:
    "What a message holds, typed. Null once it is revoked, and for messages stored before contents were.",
}) satisfies z.ZodType<Shown>;
