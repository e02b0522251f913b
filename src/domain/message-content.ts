import type { ContactCard } from "./contact-card.ts";
import type { TemplateParameter } from "./template-parameter.ts";

/**
 * What a message holds, in our words: Meta's own object stays beside it as `payload`. Everything in it is of bounded size
 * and storable; what Meta left out is null. A type of tomorrow is `other`, under Meta's name for it.
 */
export type MessageContent = CommonFields & ContentByType;

/** The content by its type alone. */
export type ContentByType = UserContent | ReplyContent | SystemContent | OutboundContent | UnsupportedContent;

/** What may stand beside the content of any message. */
export type CommonFields = {
  context: MessageContext | null;
  /** The advertisement that the customer came from. */
  referral: Referral | null;
  /** In a group: who of it wrote. Otherwise it is the chat's contact, and null here. */
  sender: { phone: string | null; userId: string | null } | null;
  /** Changes when the customer's WhatsApp gets new keys: another phone, or another person. */
  identityHash: string | null;
  errors: MetaError[];
};

export type MessageContext = {
  /** The message that this one replies to; none when it is only forwarded. */
  wamid: string | null;
  from: string | null;
  forwarded: boolean;
  /** Forwarded more than five times. */
  frequentlyForwarded: boolean;
  /** The product that the customer asks about. */
  product: Product | null;
};

export type Product = { catalogId: string | null; productId: string | null };

export type Referral = {
  sourceUrl: string | null;
  sourceId: string | null;
  /** `ad` or `post`. */
  sourceType: string | null;
  headline: string | null;
  text: string | null;
  /** `image` or `video`. */
  mediaType: string | null;
  imageUrl: string | null;
  videoUrl: string | null;
  thumbnailUrl: string | null;
  /** Names the click to Meta's Conversions API. */
  clickId: string | null;
  welcomeText: string | null;
};

/** Meta's own words about what went wrong. */
export type MetaError = {
  code: number | null;
  title: string | null;
  detail: string | null;
  href: string | null;
};

/** What people write, in both directions. */
type UserContent =
  | { type: "text"; text: string | null }
  | MediaContent
  | {
      type: "location";
      latitude: number | null;
      longitude: number | null;
      name: string | null;
      address: string | null;
      url: string | null;
    }
  | { type: "contacts"; contacts: ContactCard[]; count: number }
  | {
      type: "reaction";
      wamid: string | null /** Null when it takes the reaction back. */;
      emoji: string | null;
    }
  | { type: "edit"; wamid: string | null /** What it says now. */; message: MessageContent | null }
  | { type: "revoke"; wamid: string | null };

/** No address: Meta's hold for five minutes, so the file is fetched by its id. */
export type MediaContent = {
  type: "image" | "video" | "audio" | "document" | "sticker";
  mediaId: string | null;
  mimeType: string | null;
  sha256: string | null;
  fileName: string | null;
  caption: string | null;
  /** A voice note, rather than a file of sound. */
  voice: boolean;
  /** A sticker that moves. */
  animated: boolean;
};

/** What the customer answers to something that we have sent. */
type ReplyContent =
  | { type: "buttonReply"; id: string | null; title: string | null }
  | { type: "listReply"; id: string | null; title: string | null; description: string | null }
  | { type: "templateButton"; text: string | null; payload: string | null }
  | ({ type: "flowReply"; name: string | null } & FormAnswers)
  | ({ type: "addressReply" } & FormAnswers)
  | {
      type: "callPermissionReply";
      /** `accept` or `reject`. */
      response: string | null;
      permanent: boolean;
      expiresAt: string | null;
      /** `user_action` or `automatic`. */
      source: string | null;
    }
  | {
      type: "payment";
      method: string | null;
      status: string | null;
      referenceId: string | null;
      lastFourDigits: string | null;
      at: string | null;
    }
  | { type: "order"; catalogId: string | null; text: string | null; items: OrderItem[]; count: number };

/** `response` is the parsed answer where it is an object; what else it is stays as text. */
export type FormAnswers = {
  text: string | null;
  response: Record<string, unknown> | null;
  responseText: string | null;
};

export type OrderItem = {
  productId: string | null;
  quantity: number | null;
  price: number | null;
  currency: string | null;
};

/** What WhatsApp itself says in a chat. */
type SystemContent =
  | CallContent
  | {
      type: "system";
      event: "numberChanged" | "userIdChanged" | "identityChanged" | "other";
      /** Meta's name for it. */
      name: string | null;
      text: string | null;
      previous: { phone: string | null; userId: string | null };
      current: { phone: string | null; userId: string | null; parentUserId: string | null };
    }
  | { type: "requestWelcome" };

/** A call as it stands, by the latest that Meta has told. */
export type CallContent = {
  type: "call";
  /** `outbound`: we have called. */
  direction: "inbound" | "outbound";
  /** `missed`: it ended without anybody taking it. */
  state: "ringing" | "answered" | "rejected" | "missed" | "ended";
  startedAt: string | null;
  endedAt: string | null;
  durationSeconds: number | null;
};

/** What we send. */
type OutboundContent =
  | InteractiveContent
  | { type: "template"; name: string | null; language: string | null; parameters: TemplateParameter[] };

export type InteractiveContent = {
  type: "interactive";
  /** Meta's name, such as `button`, `list`, `cta_url`, `flow`, `carousel`; also of a reply that is new to us. */
  kind: string | null;
  header: { type: string | null; text: string | null; mediaId: string | null } | null;
  text: string | null;
  footer: string | null;
  /** What opens the list, the page, the form or the catalogue. */
  button: string | null;
  /** Reply buttons, or the rows of a list. */
  choices: Choice[];
  products: Product[];
  /** Of a carousel. */
  cards: { text: string | null; button: string | null }[];
  /** Of an order: what it comes to, and what has become of it. */
  order: {
    referenceId: string | null;
    status: string | null;
    amount: number | null;
    currency: string | null;
  } | null;
};

export type Choice = { id: string | null; title: string | null; description: string | null };

/** What Meta does not show us: why, where it says so, is in `errors`. */
type UnsupportedContent =
  | { type: "unsupported" /** Meta's name, such as `poll`. */; name: string | null }
  | { type: "unknown" }
  | { type: "errors" }
  | { type: "mediaPlaceholder" }
  | { type: "other"; name: string };
