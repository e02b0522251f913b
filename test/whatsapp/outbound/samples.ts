// One good message of every type and kind, to be changed by a test.

type Fields = Record<string, unknown>;

export const body = { text: "What would you like?" };
const link = { display_text: "Open", url: "https://example.com/a" };
const amount = { value: 1250, offset: 100 };
export const picture = { type: "image", image: { id: "1" } };

export const reply = (id: string, title: string) => ({ type: "reply", reply: { id, title } });
export const row = (id: string) => ({ id, title: `Row ${id}` });
export const card = (card_index: number) => ({
  card_index,
  type: "cta_url",
  header: picture,
  action: { name: "cta_url", parameters: link },
});
export const payment = {
  reference_id: "order-1",
  type: "digital-goods",
  currency: "INR",
  total_amount: amount,
  order: { items: [{ name: "Bread", amount, quantity: 1 }] },
};

/** The kinds of `interactive`, without their `type`. */
export const interactives: Record<string, Fields> = {
  button: { body, action: { buttons: [reply("1", "Yes"), reply("2", "No")] } },
  list: { body, action: { button: "Choose", sections: [{ rows: [row("1"), row("2")] }] } },
  cta_url: { body, header: picture, action: { name: "cta_url", parameters: link } },
  flow: {
    body,
    action: { name: "flow", parameters: { flow_message_version: "3", flow_id: "7", flow_cta: "Start" } },
  },
  product: { action: { catalog_id: "1", product_retailer_id: "a" } },
  product_list: {
    header: { type: "text", text: "Bread" },
    body,
    action: { catalog_id: "1", sections: [{ product_items: [{ product_retailer_id: "a" }] }] },
  },
  catalog_message: { body, action: { name: "catalog_message" } },
  carousel: { body, action: { cards: [card(0), card(1)] } },
  location_request_message: { body, action: { name: "send_location" } },
  address_message: { body, action: { name: "address_message", parameters: { country: "IN" } } },
  request_contact_info: { body, action: { name: "request_contact_info" } },
  call_permission_request: { action: { name: "call_permission_request" } },
  voice_call: { body, action: { name: "voice_call", parameters: { display_text: "Call", ttl_minutes: 60 } } },
  order_details: { body, action: { name: "review_and_pay", parameters: payment } },
  order_status: {
    body,
    action: { name: "review_order", parameters: { reference_id: "order-1", order: { status: "shipped" } } },
  },
};

const button = (sub_type: string, ...parameters: Fields[]) => ({
  type: "button",
  sub_type,
  index: "0",
  parameters,
});
const action = (fields: Fields) => ({ type: "action", action: fields });
const inBody = (...parameters: Fields[]) => ({ type: "body", parameters });

/** The components of a template, each by its name here. */
export const components: Record<string, Fields> = {
  "header text": { type: "header", parameters: [{ type: "text", text: "Anna" }] },
  "header image": { type: "header", parameters: [{ type: "image", image: { id: "1" } }] },
  "header video": { type: "header", parameters: [{ type: "video", video: { link: "https://a.b/c" } }] },
  "header document": { type: "HEADER", parameters: [{ type: "document", document: { id: "1" } }] },
  "header location": {
    type: "header",
    parameters: [{ type: "location", location: { latitude: 55.7, longitude: "37.6" } }],
  },
  "body by position": inBody({ type: "text", text: "Anna" }),
  "body by name": inBody({ type: "text", parameter_name: "who", text: "Anna" }),
  "body currency": inBody({
    type: "currency",
    currency: { fallback_value: "10 €", code: "EUR", amount_1000: 10_000 },
  }),
  "body date": inBody({ type: "date_time", date_time: { fallback_value: "today" } }),
  quick_reply: button("quick_reply", { type: "payload", payload: "yes" }),
  url: button("url", { type: "text", text: "a" }),
  copy_code: button("copy_code", { type: "coupon_code", coupon_code: "SALE" }),
  flow: button("flow", action({ flow_token: "t", flow_action_data: { a: 1 } })),
  catalog: button("CATALOG", action({ thumbnail_product_retailer_id: "a" })),
  mpm: button(
    "mpm",
    action({
      thumbnail_product_retailer_id: "a",
      sections: [{ product_items: [{ product_retailer_id: "a" }] }],
    }),
  ),
  voice_call: button(
    "voice_call",
    { type: "ttl_minutes", ttl_minutes: 60 },
    { type: "payload", payload: "p" },
  ),
  order_details: button("order_details", action({ order_details: payment })),
  carousel: {
    type: "carousel",
    cards: [0, 1].map((card_index) => ({
      card_index,
      components: [{ type: "header", parameters: [picture] }, inBody({ type: "text", text: "Anna" })],
    })),
  },
  limited_time_offer: {
    type: "limited_time_offer",
    parameters: [
      { type: "limited_time_offer", limited_time_offer: { expiration_time_ms: 1_800_000_000_000 } },
    ],
  },
  order_status: {
    type: "order_status",
    parameters: [{ type: "order_status", order_status: { reference_id: "order-1" } }],
  },
};

export function anInteractive(kind: string, change: Fields = {}): Fields {
  return { type: "interactive", interactive: { type: kind, ...interactives[kind], ...change } };
}

export function aTemplate(list: unknown = [], change: Fields = {}): Fields {
  return {
    type: "template",
    template: { name: "hello", language: { code: "ru" }, components: list, ...change },
  };
}

/** Everything that may be sent, by its name here. */
export const contents: Record<string, Fields> = {
  text: { type: "text", message: "Hello", previewUrl: true },
  image: { type: "image", image: { id: "1", caption: "A cat" } },
  video: { type: "video", video: { link: "https://example.com/a.mp4" } },
  audio: { type: "audio", audio: { id: "1", voice: true } },
  document: { type: "document", document: { id: "1", filename: "a.pdf" } },
  sticker: { type: "sticker", sticker: { id: "1" } },
  location: { type: "location", location: { latitude: 55.75, longitude: 37.61, name: "Office" } },
  contacts: {
    type: "contacts",
    contacts: [{ name: { formatted_name: "Anna" }, phones: [{ phone: "+7916" }] }],
  },
  reaction: { type: "reaction", reaction: { message_id: "wamid.X", emoji: "👍" } },
  template: aTemplate(),
  ...Object.fromEntries(
    Object.keys(interactives).map((kind) => [`interactive ${kind}`, anInteractive(kind)]),
  ),
  ...Object.fromEntries(
    Object.entries(components).map(([name, component]) => [`template ${name}`, aTemplate([component])]),
  ),
};
