import { z } from "zod";
import { BUTTON_TITLE_LENGTH, CALL_PAYLOAD_LENGTH, CALL_TTL_MINUTES } from "../limits.ts";
import { atMost, integerBetween, literal, metaObject, nonBlank } from "./checks.ts";
import { action, body, footer, header } from "./interactive-parts.ts";

// What asks the customer for something: a place, an address, a phone number, a call.

export const locationRequest = metaObject(
  { type: literal("location_request_message"), body, action: action("send_location", {}) },
  "An interactive message",
);

export const contactRequest = metaObject(
  { type: literal("request_contact_info"), body, action: action("request_contact_info", {}) },
  "An interactive message",
);

const country = z.string({ error: "The country is missing." }).regex(/^[A-Z]{2}$/, {
  error: "A country is two capital letters, such as IN.",
});

export const addressRequest = metaObject(
  {
    type: literal("address_message"),
    header: header.optional(),
    body,
    footer,
    action: action("address_message", { parameters: metaObject({ country }, "The parameters") }),
  },
  "An interactive message",
);

export const callPermissionRequest = metaObject(
  {
    type: literal("call_permission_request"),
    body: body.optional(),
    action: action("call_permission_request", {}),
  },
  "An interactive message",
);

const callParameters = metaObject(
  {
    display_text: nonBlank(BUTTON_TITLE_LENGTH, "The label of a call button").optional(),
    ttl_minutes: integerBetween({ min: 1, max: CALL_TTL_MINUTES }, "ttl_minutes").optional(),
    payload: atMost(CALL_PAYLOAD_LENGTH, "The payload of a call").optional(),
  },
  "The parameters",
);

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/call-button-messages-deep-links */
export const callButton = metaObject(
  {
    type: literal("voice_call"),
    header: header.optional(),
    body,
    footer,
    action: action("voice_call", { parameters: callParameters.optional() }),
  },
  "An interactive message",
);
