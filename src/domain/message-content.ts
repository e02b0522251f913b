import { z } from "zod";
import { type CommonFields, commonFields, product } from "./common-fields.ts";

// What a message contains: one schema per type. The types, the API's document and the table of whatsapp/content follow from
// it, so that a new type starts here: see CONTRIBUTING.md. All of it is of bounded size and storable; what Meta left out is
// null. Meta's own object stays beside it as `payload`.

const text = z.string().nullable();
const number = z.number().nullable();

function content<const Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) {
  return z.object({ type: z.literal(type), ...shape });
}

const contactCard = z.object({
  name: text,
  phones: z.array(
    z.object({
      phone: text,
      /** The person's id on WhatsApp, if they have one. */
      whatsapp: text,
      type: text,
    }),
  ),
  emails: z.array(z.object({ email: text, type: text })),
  addresses: z.array(
    z.object({ street: text, city: text, state: text, zip: text, country: text, type: text }),
  ),
  urls: z.array(z.object({ url: text, type: text })),
  organization: z.object({ company: text, department: text, title: text }).nullable(),
  birthday: text,
  /** `contact_request`: the customer's own number, shared because we asked for it. */
  origin: text,
  vcard: text,
});

const media = z.object({
  type: z.enum(["image", "video", "audio", "document", "sticker"]),
  /** Meta's URLs expire after five minutes, so the file is downloaded by its id. */
  mediaId: text,
  mimeType: text,
  sha256: text,
  fileName: text,
  caption: text,
  /** A voice note, rather than an audio file. */
  voice: z.boolean(),
  /** Left by a customer whose call was not answered. */
  voicemail: z.boolean(),
  /** An animated sticker. */
  animated: z.boolean(),
});

/** What people write, in both directions. */
const userContents = [
  content("text", { text }),
  media,
  content("location", { latitude: number, longitude: number, name: text, address: text, url: text }),
  content("contacts", { contacts: z.array(contactCard), count: z.number() }),
  content("reaction", {
    wamid: text,
    /** Null removes the reaction. */
    emoji: text,
  }),
  content("edit", {
    wamid: text,
    /** The message as it is after the edit. */
    message: z.lazy((): z.ZodType<unknown> => messageContent.nullable()),
  }),
  content("revoke", { wamid: text }),
] as const;

const formAnswers = {
  text,
  /** The answers, where they are a JSON object. */
  response: z.record(z.string(), z.unknown()).nullable(),
  /** The answers as they came, where they are anything else. */
  responseText: text,
};

/** An exact amount, with as many decimals as the currency has: `19.00`. */
export const money = z.object({ amount: z.string(), currency: text }).meta({ id: "Money" });

const orderItem = z.object({ productId: text, quantity: number, price: number, currency: text });

/** How the customer responds to something that we sent. */
const replyContents = [
  content("buttonReply", { id: text, title: text }),
  content("listReply", { id: text, title: text, description: text }),
  content("templateButton", { text, payload: text }),
  content("flowReply", { name: text, ...formAnswers }),
  content("addressReply", formAnswers),
  content("callPermissionReply", {
    /** `accept` or `reject`. */
    response: text,
    permanent: z.boolean(),
    expiresAt: text,
    /** `user_action` or `automatic`. */
    source: text,
  }),
  content("payment", { method: text, status: text, referenceId: text, lastFourDigits: text, at: text }),
  content("order", {
    catalogId: text,
    text,
    items: z.array(orderItem),
    /** How many lines the order has, of which `items` are the first. */
    count: z.number(),
    /** The sum of the quantities; null where one is missing. */
    pieces: number,
    /** The sum of the order in each of its currencies; empty where a price or a quantity is missing. */
    total: z.array(money),
  }),
] as const;

/** What WhatsApp itself adds to a chat. */
const systemContents = [
  content("call", {
    /** `outbound`: we called. */
    direction: z.enum(["inbound", "outbound"]),
    /** `missed`: it ended without being answered; `failed`: it broke. In the order in which a later report counts. */
    state: z.enum(["ringing", "missed", "answered", "failed", "rejected", "ended"]),
    startedAt: text,
    endedAt: text,
    durationSeconds: number,
  }),
  content("system", {
    event: z.enum(["numberChanged", "userIdChanged", "identityChanged", "other"]),
    /** Meta's name for the event. */
    name: text,
    text,
    previous: z.object({ phone: text, userId: text }),
    current: z.object({ phone: text, userId: text, parentUserId: text }),
  }),
  content("requestWelcome", {}),
  /** Another of the business's apps passed this chat to us, or took it. */
  content("handover", {
    /** `control_passed` or `control_taken`. */
    change: text,
    previousAppId: text,
    /** What the other app says of the conversation so far. */
    summary: text,
    /** What it passed along, in a form of its own. */
    metadata: text,
  }),
] as const;

const templateParameter = z.object({
  /** `header`, `body`, `button`, …, in lower case. */
  component: text,
  /** Which button, from 0; in a carousel, which card. */
  index: number,
  /** Null of a positional parameter. */
  name: text,
  /** `text`, `currency`, `image`, …. */
  type: text,
  /** Its value, or a text in place of a value that is none. */
  text,
});

/** What only we send. */
const outboundContents = [
  content("interactive", {
    /** Meta's name, such as `button`, `list`, `cta_url`, `flow`, `carousel`; also of a reply type that we do not know. */
    kind: text,
    header: z.object({ type: text, text, mediaId: text }).nullable(),
    text,
    footer: text,
    /** The button that opens the list, the page, the form or the catalog. */
    button: text,
    /** Reply buttons, or the rows of a list. */
    choices: z.array(z.object({ id: text, title: text, description: text })),
    products: z.array(product),
    /** Cards of a carousel. */
    cards: z.array(z.object({ text, button: text })),
    /** The total of an order, and its status. */
    order: z.object({ referenceId: text, status: text, amount: number, currency: text }).nullable(),
  }),
  content("template", { name: text, language: text, parameters: z.array(templateParameter) }),
] as const;

/** What Meta does not deliver to us; `errors` says why, if Meta does. */
const unsupportedContents = [
  content("unsupported", {
    /** Meta's name of the type, such as `poll`. */
    name: text,
  }),
  content("unknown", {}),
  content("errors", {}),
  content("mediaPlaceholder", {}),
  content("other", {
    name: z.string(),
    /** What it says; absent where no text is found in it. */
    text: z.string().optional(),
  }).meta({
    description: "A type that this version does not know, under Meta's name for it.",
  }),
] as const;

const contentByType = z
  .discriminatedUnion("type", [
    ...userContents,
    ...replyContents,
    ...systemContents,
    ...outboundContents,
    ...unsupportedContents,
  ])
  .meta({ id: "ContentByType" });

export const messageContent = z.intersection(contentByType, commonFields).meta({
  id: "MessageContent",
  description:
    "What a message contains, typed. Null once it is revoked, and for messages stored before contents were.",
});

/** An edit contains a message, which its schema cannot say: it would be a type within itself. */
type Typed<Content> = Content extends { type: "edit" }
  ? Omit<Content, "message"> & { message: MessageContent | null }
  : Content;
type TypesOf<Schemas extends readonly z.ZodType<{ type: string }>[]> = z.infer<Schemas[number]>["type"];

/** The content by its type, without the common fields. */
export type ContentByType = Typed<z.infer<typeof contentByType>>;
export type MessageContent = ContentByType & CommonFields;

/** The fields of one type, or of several. */
export type FieldsOf<Type extends ContentByType["type"]> = ContentByType extends infer Content
  ? Content extends { type: infer One }
    ? Type & One extends never
      ? never
      : Content
    : never
  : never;

/** The content of one type, or of several. */
export type ContentOf<Type extends ContentByType["type"]> = FieldsOf<Type> & CommonFields;

export type UserContentType = TypesOf<typeof userContents>;
export type ReplyContentType = TypesOf<typeof replyContents>;
export type SystemContentType = TypesOf<typeof systemContents>;
export type OutboundContentType = TypesOf<typeof outboundContents>;
export type UnsupportedContentType = TypesOf<typeof unsupportedContents>;

export type ContactCard = z.infer<typeof contactCard>;
export type TemplateParameter = z.infer<typeof templateParameter>;
export type Money = z.infer<typeof money>;
export type MediaType = z.infer<typeof media>["type"];
