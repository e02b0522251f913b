import { describe, it } from "vitest";
import { parseContent } from "../../../src/whatsapp/content/parse-content.ts";
import { parseJson } from "../../../src/whatsapp/json-text.ts";

function reply(interactive: object): object {
  return parseContent({ type: "interactive", interactive });
}

describe("an answered form", () => {
  it("is stored as an object, or as the text that it is", ({ expect }) => {
    const form = (response_json: unknown) =>
      reply({ type: "nfm_reply", nfm_reply: { name: "flow", body: "Sent", response_json } });
    expect(form('{"a":{"b":[1,null]},"flow_token":"t"}')).toMatchObject({
      type: "flowReply",
      name: "flow",
      text: "Sent",
      response: { a: { b: [1, null] }, flow_token: "t" },
      responseText: null,
    });
    for (const text of ["{broken", "null", "[1]", '"a"', `{"a":"${"x".repeat(70_000)}"}`]) {
      expect(form(text)).toMatchObject({ response: null, responseText: text.slice(0, 65_536) });
    }
    expect(form(null)).toMatchObject({ response: null, responseText: null });
    expect(form('{"__proto__":{"polluted":1}}')).toMatchObject({ type: "flowReply" });
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("keeps every digit of its numbers, and its token, also where both are stored", ({ expect }) => {
    const answers = `"no":98765432109876543,"price":7.50,"photo":[{"id":10239841234567891}]`;
    const many = Array.from({ length: 2_000 }, (_, i) => `"q${i}":1`).join(",");
    for (const response_json of [`{${answers},"flow_token":"t"}`, `{${answers},${many},"flow_token":"t"}`]) {
      const stored = JSON.stringify(reply({ nfm_reply: { name: "flow", response_json } }));
      expect(stored).toContain(`"price":7.50`);
      expect(JSON.parse(stored).response).toMatchObject({
        no: "98765432109876543",
        price: 7.5,
        photo: [{ id: "10239841234567891" }],
        flow_token: "t",
      });
    }
    // Meta's page has text here; an object beside it is read like it.
    const nfm = parseJson(`{"interactive":{"nfm_reply":{"response_json":{${answers}}}}}`);
    expect(JSON.parse(JSON.stringify(parseContent(nfm))).response.no).toBe("98765432109876543");
  });

  it("is bounded in depth and in the number of values", ({ expect }) => {
    const deep = `{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`;
    const wide = `{"a":[${"1,".repeat(20_000)}1]}`;
    for (const response_json of [deep, wide]) {
      const text = JSON.stringify(reply({ nfm_reply: { name: "flow", response_json } }));
      expect(text.length).toBeLessThan(4_000);
      expect(text).not.toContain("[".repeat(7));
    }
  });
});

describe("an order", () => {
  it("has numbers that came as numbers, as text, or as no double would keep them", ({ expect }) => {
    const order = `{"type":"order","order":{"catalog_id":"9","product_items":[
      {"product_retailer_id":"a","quantity":2,"item_price":1.10,"currency":"EUR"},
      {"product_retailer_id":"b","quantity":"3","item_price":"10.50"},{"quantity":"many","item_price":{}}]}}`;
    expect(parseContent(parseJson(order))).toMatchObject({
      type: "order",
      catalogId: "9",
      count: 3,
      pieces: null,
      total: [],
      items: [
        { productId: "a", quantity: 2, price: 1.1, currency: "EUR" },
        { productId: "b", quantity: 3, price: 10.5, currency: null },
        { productId: null, quantity: null, price: null, currency: null },
      ],
    });
  });

  it("has the pieces and the sums of all its lines", ({ expect }) => {
    const items = Array.from({ length: 500 }, () => ({ quantity: "2", item_price: 0.1, currency: "EUR" }));
    expect(parseContent({ type: "order", order: { product_items: items } })).toMatchObject({
      count: 500,
      pieces: 1_000,
      total: [{ amount: "100.00", currency: "EUR" }],
    });
  });
});
