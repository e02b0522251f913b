import fc from "fast-check";
import { describe, it } from "vitest";
import { messageTypeOf, parseContent } from "../../../src/whatsapp/content/parse-content.ts";
import { toBody } from "../../../src/whatsapp/content/to-body.ts";

const emptyCommonFields = {
  context: null,
  referral: null,
  sender: null,
  identityHash: null,
  summary: null,
  errors: [],
};

function reply(interactive: object): object {
  return parseContent({ type: "interactive", interactive });
}

describe("the content of a message", () => {
  it("has a file's id and what is known of it, and no address", ({ expect }) => {
    const document = {
      id: 14,
      mime_type: "application/pdf",
      sha256: "AbC=",
      filename: "bill.pdf",
      url: "https://x",
    };
    expect(parseContent({ type: "document", document })).toEqual({
      type: "document",
      mediaId: "14",
      mimeType: "application/pdf",
      sha256: "AbC=",
      fileName: "bill.pdf",
      caption: null,
      voice: false,
      voicemail: false,
      animated: false,
      ...emptyCommonFields,
    });
    expect(parseContent({ type: "sticker", sticker: { animated: true } })).toMatchObject({ animated: true });
  });

  it("has what a permission to call covers, its time as text or as a number", ({ expect }) => {
    for (const expiration_timestamp of [1790000000, "1790000000"]) {
      const call_permission_reply = {
        response: "accept",
        expiration_timestamp,
        response_source: "user_action",
      };
      expect(reply({ type: "call_permission_reply", call_permission_reply })).toMatchObject({
        type: "callPermissionReply",
        response: "accept",
        permanent: false,
        expiresAt: "2026-09-21T14:13:20.000Z",
        source: "user_action",
      });
    }
  });

  it("has people with all their numbers and addresses", ({ expect }) => {
    const anna = {
      name: { first_name: "Anna", last_name: "B." },
      phones: [{ phone: "+7 916 123-45-67", wa_id: "79161234567", type: "CELL" }],
      emails: [{ email: "anna@example.com", type: "WORK" }],
      addresses: [{ city: "Moscow", country_code: "ru" }],
      urls: [{ url: "https://example.com" }],
      org: { company: "Cafe" },
      birthday: "1990-01-02",
      origin: "contact_request",
    };
    expect(parseContent({ type: "contacts", contacts: [anna] })).toMatchObject({
      count: 1,
      contacts: [
        {
          name: "Anna B.",
          phones: [{ phone: "+7 916 123-45-67", whatsapp: "79161234567", type: "CELL" }],
          emails: [{ email: "anna@example.com", type: "WORK" }],
          addresses: [{ city: "Moscow", country: "ru", street: null }],
          urls: [{ url: "https://example.com", type: null }],
          organization: { company: "Cafe", department: null, title: null },
          birthday: "1990-01-02",
          origin: "contact_request",
          vcard: null,
        },
      ],
    });
  });

  it("of an edit is the message as it now is, one level deep", ({ expect }) => {
    const text = { type: "text", text: { body: "x" } };
    const edit = (message: object) => ({ type: "edit", edit: { original_message_id: "wamid.A", message } });
    expect(parseContent(edit(text))).toMatchObject({
      wamid: "wamid.A",
      message: { type: "text", text: "x" },
    });
    expect(parseContent(edit(edit(edit(text))))).toMatchObject({ message: { type: "edit", message: null } });
  });

  it("names an unknown type, whatever it is called", ({ expect }) => {
    for (const type of ["hologram", "__proto__", "constructor", "toString", "h".repeat(100)]) {
      const name = type.slice(0, 64);
      expect(parseContent({ type, [type]: {} })).toEqual({ type: "other", name, ...emptyCommonFields });
    }
  });
});

describe("what we send", () => {
  it("keeps what can be pressed and bought", ({ expect }) => {
    const action = {
      button: "Times",
      sections: [
        {
          rows: [
            { id: "9", title: "9:00" },
            { id: "10", title: "10:00" },
          ],
        },
      ],
    };
    expect(
      reply({ type: "list", header: { type: "text", text: "Tomorrow" }, footer: { text: "f" }, action }),
    ).toMatchObject({
      type: "interactive",
      kind: "list",
      header: { type: "text", text: "Tomorrow", mediaId: null },
      footer: "f",
      button: "Times",
      choices: [
        { id: "9", title: "9:00", description: null },
        { id: "10", title: "10:00", description: null },
      ],
    });
    const shelf = { catalog_id: "9", sections: [{ product_items: [{ product_retailer_id: "a" }] }] };
    expect(reply({ type: "product_list", action: shelf })).toMatchObject({
      products: [{ catalogId: "9", productId: "a" }],
    });
  });

  it("keeps the values of a template, of its cards too, by place and name", ({ expect }) => {
    const template = {
      name: "offer",
      language: { code: "en_US" },
      components: [
        { type: "BODY", parameters: [{ type: "text", parameter_name: "who", text: "Anna" }] },
        {
          type: "button",
          sub_type: "quick_reply",
          index: "1",
          parameters: [{ type: "payload", payload: "P" }],
        },
        {
          type: "carousel",
          cards: [
            { card_index: 2, components: [{ type: "body", parameters: [{ type: "text", text: "Cake" }] }] },
          ],
        },
      ],
    };
    expect(parseContent({ type: "template", template })).toMatchObject({
      type: "template",
      name: "offer",
      language: "en_US",
      parameters: [
        { component: "body", index: null, name: "who", type: "text", text: "Anna" },
        { component: "button", index: 1, name: null, type: "payload", text: "P" },
        { component: "body", index: 2, name: null, type: "text", text: "Cake" },
      ],
    });
  });
});

describe("a system message", () => {
  const system = (system: object, from?: string) => parseContent({ type: "system", from, system });

  it("has the old and the new number, in the words of today and of before", ({ expect }) => {
    const change = { previous: { phone: "79161234567", userId: null }, current: { phone: "79169999999" } };
    const now = { type: "user_changed_number", wa_id: "79169999999" };
    const then = { type: "customer_changed_number", new_wa_id: "79169999999" };
    for (const one of [now, then]) {
      expect(system(one, "79161234567")).toMatchObject({ type: "system", event: "numberChanged", ...change });
    }
  });

  it("has the old user id where the sentence ends in the new one, and believes no name", ({ expect }) => {
    const [before, after] = ["RU.48151623420001", "RU.48151623420002"];
    const parsedFrom = (body: string) => system({ type: "user_changed_user_id", user_id: after, body });
    expect(parsedFrom(`Vera changed from ${before} to ${after}`)).toMatchObject({
      event: "userIdChanged",
      previous: { userId: before },
      current: { userId: after },
    });
    for (const body of [
      `A from ${before} to ${after} changed her id`,
      `Vera changed from ${before} to RU.9`,
      "Vera",
    ]) {
      expect(parsedFrom(body)).toMatchObject({ previous: { phone: null, userId: null } });
    }
  });

  it("has the new keys of a customer beside it", ({ expect }) => {
    const identity = { acknowledged: true, created_timestamp: "1790000000", hash: "Xy1=" };
    const message = { type: "system", identity, system: { type: "customer_identity_changed" } };
    expect(parseContent(message)).toMatchObject({ event: "identityChanged", identityHash: "Xy1=" });
  });
});

describe("what stands beside the content", () => {
  const text = { type: "text", text: { body: "x" } };

  it("is the message replied to, or that it was passed on, or the product asked about", ({ expect }) => {
    const context = (context: object) => parseContent({ ...text, context }).context;
    const none = { wamid: null, from: null, forwarded: false, frequentlyForwarded: false, product: null };
    expect(context({ from: "79001234567", id: "wamid.A" })).toEqual({
      ...none,
      from: "79001234567",
      wamid: "wamid.A",
    });
    expect(context({ message_id: "wamid.A" })).toEqual({ ...none, wamid: "wamid.A" });
    expect(context({ forwarded: true })).toEqual({ ...none, forwarded: true });
    expect(context({ frequently_forwarded: true })).toEqual({
      ...none,
      forwarded: true,
      frequentlyForwarded: true,
    });
    const referred_product = { catalog_id: "9", product_retailer_id: "a" };
    expect(context({ referred_product })).toEqual({ ...none, product: { catalogId: "9", productId: "a" } });
  });

  it("is the advertisement that somebody came from", ({ expect }) => {
    const referral = {
      source_url: "https://fb.me/x",
      source_id: "120",
      source_type: "ad",
      headline: "Cakes",
      body: "Fresh",
      media_type: "image",
      image_url: "https://example.com/a.jpg",
      ctwa_clid: "clid",
      ref: "summer-sale",
      welcome_message: { text: "Hi" },
    };
    expect(parseContent({ ...text, referral }).referral).toEqual({
      sourceUrl: "https://fb.me/x",
      sourceId: "120",
      sourceType: "ad",
      headline: "Cakes",
      text: "Fresh",
      mediaType: "image",
      imageUrl: "https://example.com/a.jpg",
      videoUrl: null,
      thumbnailUrl: null,
      clickId: "clid",
      ref: "summer-sale",
      welcomeText: "Hi",
    });
  });

  it("is Meta's summary of the chat so far", ({ expect }) => {
    const conversation_context = { type: "summary", summary: { text: "Anna asked for a cake." } };
    expect(parseContent({ ...text, conversation_context }).summary).toBe("Anna asked for a cake.");
    for (const odd of ["x", {}, { summary: "x" }, { summary: { text: 1 } }])
      expect(parseContent({ ...text, conversation_context: odd }).summary).toBeNull();
  });

  it("is nothing where an empty object says so", ({ expect }) => {
    const context = { from: "", id: "", forwarded: false, referred_product: {} };
    const referral = { source_url: "", welcome_message: {} };
    expect(parseContent({ ...text, context, referral })).toMatchObject({
      context: { wamid: null, product: null },
      referral: null,
    });
  });

  it("is who of a group wrote, and nobody outside of groups", ({ expect }) => {
    const sender = (more: object) => parseContent({ ...text, from: "79161234567", ...more }).sender;
    expect(sender({})).toBeNull();
    expect(sender({ group_id: "g" })).toEqual({ name: null, phone: "79161234567", userId: null });
    const userId = "RU.48151623420001";
    expect(sender({ group_id: "g", from: undefined, from_user_id: userId })).toEqual({
      name: null,
      phone: null,
      userId,
    });
    expect(sender({ group_id: "g", from: userId })).toEqual({ name: null, phone: null, userId });
  });

  it("is every error, with its details wherever they stand", ({ expect }) => {
    const errors = [
      { code: "131051", title: "t", message: "m", error_data: { details: "d" }, href: "https://x" },
      { code: 131060, details: "e" },
      "odd",
    ];
    expect(parseContent({ type: "unsupported", unsupported: { type: "poll" }, errors })).toMatchObject({
      name: "poll",
      errors: [
        { code: 131051, title: "t", detail: "d", href: "https://x" },
        { code: 131060, title: null, detail: "e", href: null },
        { code: null, title: null, detail: null, href: null },
      ],
    });
  });
});

describe("a hostile message", () => {
  it("says how many cards of a very large list are not shown", ({ expect }) => {
    const cards = Array.from({ length: 310 }, (_, i) => ({ name: { formatted_name: `Card ${i}` } }));
    const content = parseContent({ type: "contacts", contacts: cards });
    expect(toBody(content)).toMatch(/^👤 Card 0; .*; Card 299; and 10 more$/);
  });

  it("gives content that is storable and no larger than it was, and never throws", ({ expect }) => {
    const types = [
      "text",
      "image",
      "location",
      "contacts",
      "interactive",
      "order",
      "edit",
      "system",
      "template",
    ];
    const kinds = [
      "button_reply",
      "nfm_reply",
      "call_permission_reply",
      "payment_method",
      "action",
      "header",
      "body",
    ];
    const inner = fc.dictionary(fc.constantFrom(...kinds, "type", "name", "from", "hash"), fc.jsonValue());
    const message = fc
      .tuple(fc.constantFrom(...types, "__proto__"), fc.oneof(fc.jsonValue(), inner), inner, fc.jsonValue())
      .map(([type, content, beside, odd]) => ({
        type,
        ...Object.fromEntries([[type, content]]),
        context: beside,
        referral: beside,
        identity: beside,
        errors: odd,
        group_id: "g",
        ...beside,
      }));
    fc.assert(
      fc.property(fc.oneof(message, fc.jsonValue()), (message) => {
        const text = JSON.stringify(parseContent(message));
        expect(text).not.toContain("\\u0000");
        expect(text).not.toMatch(/\\ud[89a-f]/);
        expect(text.length).toBeLessThan(JSON.stringify(message).length * 20 + 4_000);
        expect(messageTypeOf(message)).not.toBe("");
      }),
    );
  });

  it("of a megabyte is cut everywhere", ({ expect }) => {
    const long = "x".repeat(1_000_000);
    const many = Array(10_000).fill({
      name: { formatted_name: long },
      phones: Array(100).fill({ phone: long }),
    });
    const text = { type: "text", text: { body: long }, referral: { body: long }, errors: many };
    expect(JSON.stringify(parseContent(text)).length).toBeLessThan(75_000);
    const { contacts, count } = parseContent({ type: "contacts", contacts: many }) as never as {
      contacts: unknown[];
      count: number;
    };
    expect([contacts.length, count]).toEqual([300, 10_000]);
    expect(JSON.stringify(contacts[0]).length).toBeLessThan(200_000);
  });
});
