import { z } from "zod";
import { REFERENCE_ID_LENGTH, VALUES } from "../limits.ts";
import { arrayOf, atMost, integerBetween, literal, metaObject, nonEmpty, oneOf } from "./checks.ts";
import { action, body, footer, header } from "./interactive-parts.ts";

// Orders that are paid in the chat (India, Brazil, Singapore). How they are paid differs by country and is passed on.
// https://developers.facebook.com/documentation/business-messaging/whatsapp/payments/payments-br/orders/

/** `value` in parts: 1234 with an `offset` of 100 is 12.34. */
const amount = metaObject(
  {
    value: integerBetween({ min: 0, max: Number.MAX_SAFE_INTEGER }, "The value of an amount"),
    offset: integerBetween({ min: 1, max: 1_000_000 }, "The offset of an amount"),
  },
  "An amount",
).meta({ id: "Amount" });

export const referenceId = atMost(REFERENCE_ID_LENGTH, "A reference_id").regex(/^[\w.-]+$/, {
  error: "A reference_id has English letters, digits, underscores, dashes and dots.",
});

const item = metaObject(
  {
    name: nonEmpty("The name of an item"),
    amount,
    quantity: integerBetween({ min: 1, max: 1_000_000 }, "The quantity of an item"),
    sale_amount: amount.optional(),
  },
  "An item",
);

const order = metaObject(
  {
    items: arrayOf(item, "An order", "items", { min: 1, max: VALUES }).optional(),
    subtotal: amount.optional(),
    tax: amount.optional(),
    shipping: amount.optional(),
    discount: amount.optional(),
  },
  "An order",
);

/** What is to be paid: in a message, and behind the button of a template. */
export const payment = metaObject(
  {
    reference_id: referenceId,
    type: oneOf(["digital-goods", "physical-goods"], "The type of goods"),
    currency: z
      .string({ error: "The currency is missing." })
      .regex(/^[A-Z]{3}$/, { error: "A currency is three capital letters, such as INR." }),
    total_amount: amount,
    order: order.optional(),
  },
  "The parameters",
).meta({ id: "PaymentSettings" });

export const orderDetails = metaObject(
  {
    type: literal("order_details"),
    header: header.optional(),
    body,
    footer,
    action: action("review_and_pay", { parameters: payment }),
  },
  "An interactive message",
);

const orderState = metaObject(
  {
    reference_id: referenceId,
    order: metaObject({ status: nonEmpty("The status of an order") }, "An order").optional(),
  },
  "The parameters",
);

export const orderStatus = metaObject(
  {
    type: literal("order_status"),
    body,
    footer,
    action: action("review_order", { parameters: orderState }),
  },
  "An interactive message",
);
