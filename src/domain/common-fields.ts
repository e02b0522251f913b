import { z } from "zod";

const text = z.string().nullable();
const number = z.number().nullable();

export const product = z.object({ catalogId: text, productId: text });

const context = z
  .object({
    /** The message that this one replies to; null when it is only forwarded. */
    wamid: text,
    from: text,
    forwarded: z.boolean(),
    /** Forwarded more than five times. */
    frequentlyForwarded: z.boolean(),
    /** The product that the customer asks about. */
    product: product.nullable(),
  })
  .meta({ id: "MessageContext" });

const referral = z
  .object({
    sourceUrl: text,
    sourceId: text,
    /** `ad` or `post`. */
    sourceType: text,
    headline: text,
    text,
    /** `image` or `video`. */
    mediaType: text,
    imageUrl: text,
    videoUrl: text,
    thumbnailUrl: text,
    /** Identifies the click in Meta's Conversions API. */
    clickId: text,
    /** What the business had put into the link or the advertisement. */
    ref: text,
    welcomeText: text,
  })
  .meta({ id: "Referral", description: "The advertisement that the customer came from." });

const sender = z
  .object({ name: text, phone: text, userId: text })
  .meta({ id: "GroupSender", description: "In a group: the member who wrote." });

/** Meta's description of an error. */
const metaError = z.object({ code: number, title: text, detail: text, href: text }).meta({ id: "MetaError" });

/** What a message of any type may have. */
export const commonFields = z
  .object({
    context: context.nullable(),
    referral: referral.nullable(),
    /** Null outside of groups, where the sender is the chat's contact. */
    sender: sender.nullable(),
    /** Changes when the customer's WhatsApp gets new keys: another phone, or another person. */
    identityHash: text,
    /** Meta's summary of the chat so far, written by a machine, for who answers from here on. */
    summary: text,
    errors: z.array(metaError),
  })
  .meta({ id: "ContentCommonFields" });

export type GroupSender = z.infer<typeof sender>;
export type MessageContext = z.infer<typeof context>;
export type Referral = z.infer<typeof referral>;
export type MetaError = z.infer<typeof metaError>;
export type Product = z.infer<typeof product>;
export type CommonFields = z.infer<typeof commonFields>;
