import type { z } from "zod";
import { BUTTON_ID_LENGTH, BUTTON_TITLE_LENGTH, CARD_BODY_LENGTH, CARDS, REPLY_BUTTONS } from "../limits.ts";
import {
  allDistinct,
  arrayOf,
  atMost,
  integerBetween,
  literal,
  metaObject,
  nonBlank,
  oneOf,
} from "./checks.ts";
import { linkParameters } from "./interactive-buttons.ts";
import { body, catalogId, picture, product } from "./interactive-parts.ts";

// Cards that the customer swipes through. https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-media-carousel-messages

const quickReply = metaObject(
  {
    type: oneOf(["quick_reply"], "The type of a button"),
    quick_reply: metaObject(
      {
        id: nonBlank(BUTTON_ID_LENGTH, "The id of a button"),
        title: nonBlank(BUTTON_TITLE_LENGTH, "A button title"),
      },
      "A quick reply",
    ),
  },
  "A button",
);

const cardAction = metaObject(
  {
    name: oneOf(["cta_url"], "The name of this action").optional(),
    parameters: linkParameters.optional(),
    buttons: arrayOf(quickReply, "A card", "buttons", { min: 1, max: REPLY_BUTTONS }).optional(),
    catalog_id: catalogId.optional(),
    product_retailer_id: product.optional(),
  },
  "The action of a card",
);

const card = metaObject(
  {
    card_index: integerBetween({ min: 0, max: CARDS.max - 1 }, "The index of a card"),
    type: oneOf(["cta_url", "product"], "The type of a card").optional(),
    header: picture.optional(),
    body: metaObject(
      { text: atMost(CARD_BODY_LENGTH, "The text of a card") },
      "The body of a card",
    ).optional(),
    action: cardAction,
  },
  "A card",
)
  .refine(({ type, header }) => type === "product" || header !== undefined, {
    error: "A card has an image or a video as its header.",
    path: ["header"],
  })
  .refine((one) => one.type !== "cta_url" || one.action.parameters !== undefined, {
    error: "A card with a link has its label and url as parameters.",
    path: ["action", "parameters"],
  })
  .refine((one) => one.type !== "product" || one.action.product_retailer_id !== undefined, {
    error: "A card with a product names it.",
    path: ["action", "product_retailer_id"],
  })
  .refine((one) => one.type !== undefined || one.action.buttons !== undefined, {
    error: "A card without a type has quick reply buttons.",
    path: ["action", "buttons"],
  });

const cards = arrayOf(card, "A carousel", "cards", CARDS)
  .refine((all) => allDistinct(all.map(({ card_index }) => card_index)), "The indexes of cards must differ.")
  .refine((all) => new Set(all.flatMap(({ header }) => header?.type ?? [])).size < 2, {
    error: "The headers of all cards must be of one kind: images or videos.",
  })
  .refine((all) => all.every((one) => buttonsOf(one) === buttonsOf(all[0])), {
    error: "All cards must have the same buttons, and as many.",
  });

export const carousel = metaObject(
  { type: literal("carousel"), body, action: metaObject({ cards }, "The action") },
  "An interactive message",
)
  .refine((message) => message.header === undefined, {
    error: "A carousel has no header: its cards have.",
    path: ["header"],
  })
  .refine((message) => message.footer === undefined, {
    error: "A carousel has no footer.",
    path: ["footer"],
  });

function buttonsOf(one: z.infer<typeof card> | undefined): string {
  return `${one?.type} ${one?.action.buttons?.length ?? 0}`;
}
