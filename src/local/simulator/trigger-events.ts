/** What the simulator is asked to do for one event. */
export type Step = { method: "GET" | "POST" | "PATCH" | "PUT"; path: string; body?: object };

/** The customer, the phone and the texts that an event is about. */
export type Target = {
  from: string;
  phoneNumberId: string;
  /** As Meta writes it in events, digits only. */
  displayPhoneNumber: string;
  text: string;
  /** Meta's id of the last message that the customer wrote, and of the last one that the business sent to the customer. */
  lastInbound: string | null;
  lastOutbound: string | null;
  nowS: number;
};

type Event = {
  argument: string;
  help: string;
  needs?: "inbound" | "outbound";
  step: (target: Target, argument: string) => Step;
};

const message =
  (content: (target: Target, argument: string) => object) => (target: Target, argument: string) => ({
    method: "POST" as const,
    path: `/customers/${target.from}/messages?phoneNumberId=${target.phoneNumberId}`,
    body: content(target, argument),
  });
const webhook =
  (field: string, value: (target: Target, argument: string) => object) =>
  (target: Target, argument: string) => ({
    method: "POST" as const,
    path: "/webhooks",
    body: { field, value: value(target, argument) },
  });
const file = (type: string): Event => ({
  argument: "",
  help: `a customer's ${type}, with a small file`,
  step: message(() => ({ type, [type]: {} })),
});

/** Everything that `trigger` can make happen, by the name on the command line. */
export const EVENTS: Record<string, Event> = {
  text: {
    argument: "",
    help: "a customer's text, --text",
    step: message(({ text }) => ({ type: "text", text: { body: text } })),
  },
  reply: {
    argument: "",
    help: "a text that quotes the last message of the business",
    needs: "outbound",
    step: message(({ text, lastOutbound, displayPhoneNumber }) => ({
      type: "text",
      text: { body: text },
      context: { from: displayPhoneNumber, id: lastOutbound },
    })),
  },
  image: file("image"),
  video: file("video"),
  document: file("document"),
  audio: file("audio"),
  sticker: file("sticker"),
  location: {
    argument: "",
    help: "a place",
    step: message(() => ({
      type: "location",
      location: { latitude: 55.7539, longitude: 37.6208, name: "Red Square", address: "Moscow" },
    })),
  },
  contacts: {
    argument: "",
    help: "a contact card",
    step: message(() => ({
      type: "contacts",
      contacts: [
        {
          name: { formatted_name: "Jo Doe", first_name: "Jo" },
          phones: [{ phone: "+1 555-0100", type: "CELL" }],
        },
      ],
    })),
  },
  reaction: {
    argument: "EMOJI",
    help: "a reaction to the last message of the business",
    needs: "outbound",
    step: message(({ lastOutbound }, emoji) => ({
      type: "reaction",
      reaction: { message_id: lastOutbound, emoji: emoji || "👍" },
    })),
  },
  button: {
    argument: "TITLE",
    help: "a pressed reply button",
    step: message((_, title) => ({
      type: "interactive",
      interactive: { type: "button_reply", button_reply: { id: "button-1", title: title || "Yes" } },
    })),
  },
  list: {
    argument: "TITLE",
    help: "a chosen row of a list",
    step: message((_, title) => ({
      type: "interactive",
      interactive: { type: "list_reply", list_reply: { id: "row-1", title: title || "First" } },
    })),
  },
  order: {
    argument: "",
    help: "an order from the catalog",
    step: message(() => ({
      type: "order",
      order: {
        catalog_id: "1234567890",
        text: "Please",
        product_items: [{ product_retailer_id: "tea-1", quantity: 2, item_price: 4.5, currency: "EUR" }],
      },
    })),
  },
  unsupported: {
    argument: "",
    help: "a message that Meta does not pass on",
    step: message(() => ({
      type: "unsupported",
      errors: [{ code: 131051, title: "Message type unknown" }],
      unsupported: { type: "poll" },
    })),
  },
  revoke: {
    argument: "",
    help: "the customer deletes the last message",
    needs: "inbound",
    step: message(({ lastInbound }) => ({ type: "revoke", revoke: { original_message_id: lastInbound } })),
  },
  edit: {
    argument: "",
    help: "the customer changes the last message to --text",
    needs: "inbound",
    step: message(({ lastInbound, text }) => ({
      type: "edit",
      edit: { original_message_id: lastInbound, message: { type: "text", text: { body: text } } },
    })),
  },
  status: {
    argument: "sent|delivered|read|failed:CODE",
    help: "a status of the last message of the business",
    needs: "outbound",
    step: webhook("messages", ({ lastOutbound, from, nowS, ...phone }, argument) => {
      const [status = "read", code = "131026"] = (argument || "read").split(":");
      const errors = [
        { code: Number(code), title: "Message undeliverable", message: "Message undeliverable" },
      ];
      const failure = status === "failed" ? { errors } : {};
      return {
        messaging_product: "whatsapp",
        metadata: { display_phone_number: phone.displayPhoneNumber, phone_number_id: phone.phoneNumberId },
        statuses: [{ id: lastOutbound, status, timestamp: String(nowS), recipient_id: from, ...failure }],
      };
    }),
  },
  template: {
    argument: "paused|rejected|disabled|approved",
    help: "Meta's word on the template hello_world",
    step: webhook("message_template_status_update", (_, argument) => ({
      event: (argument || "paused").toUpperCase(),
      message_template_id: 594425479261596,
      message_template_name: "hello_world",
      message_template_language: "en_US",
      reason: "NONE",
    })),
  },
  "number-quality": {
    argument: "flagged|unflagged|downgrade|upgrade",
    help: "the quality of the phone changes",
    step: webhook("phone_number_quality_update", ({ displayPhoneNumber }, argument) => ({
      display_phone_number: displayPhoneNumber,
      event: (argument || "flagged").toUpperCase(),
      current_limit: "TIER_1K",
    })),
  },
  account: {
    argument: "ACCOUNT_RESTRICTION|DISABLED_UPDATE|PARTNER_REMOVED",
    help: "an event of the WhatsApp Business Account",
    step: webhook("account_update", (_, argument) => ({
      event: (argument || "ACCOUNT_RESTRICTION").toUpperCase(),
      restriction_info: [{ restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING" }],
    })),
  },
  echo: {
    argument: "",
    help: "the business answers from its own WhatsApp Business app, --text",
    step: webhook("smb_message_echoes", ({ from, text, nowS, displayPhoneNumber, phoneNumberId }) => ({
      messaging_product: "whatsapp",
      metadata: { display_phone_number: displayPhoneNumber, phone_number_id: phoneNumberId },
      message_echoes: [
        {
          from: displayPhoneNumber,
          to: from,
          id: `wamid.echo${nowS}`,
          timestamp: String(nowS),
          type: "text",
          text: { body: text },
        },
      ],
    })),
  },
  "dashboard-test": {
    argument: "",
    help: "what the button Test of Meta's dashboard sends, the same each time",
    step: () => ({
      method: "POST",
      path: "/webhooks",
      body: {
        wabaId: "0",
        field: "messages",
        value: {
          messaging_product: "whatsapp",
          metadata: { display_phone_number: "16505551111", phone_number_id: "123456123" },
          contacts: [{ profile: { name: "test user name" }, wa_id: "16315551181" }],
          messages: [
            {
              from: "16315551181",
              id: "ABGGFlA5Fpa",
              timestamp: "1504902988",
              type: "text",
              text: { body: "this is a text message" },
            },
          ],
        },
      },
    }),
  },
};
