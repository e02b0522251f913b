import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { as } from "../support/as.ts";
import { aCustomer, anOrganization, aPhone, db } from "../support/build.ts";
import { aLiveChat, graphCalls, misbehave } from "../support/graph.ts";
import { aText, deliverAndStore } from "../support/meta.ts";
import { storedMessage, textTo } from "./send-requests.ts";

const UNKNOWN_ID = 2_147_483_647;

describe("a send that cannot be", () => {
  it("asks for a template when the customer has never written", async ({ expect }) => {
    const { organizationPhoneId, phoneNumberId, organizationId } = await anOrganization();
    const to = aCustomer();

    const answer = await (await as({ organizationId })).post("/send", {
      organizationPhoneId,
      to,
      type: "text",
      message: "Hi",
    });

    expect(answer.status).toBe(422);
    const title = "The customer has not written first: use a template message";
    const problem = await answer.json<{ messageId: number }>();
    expect(problem).toMatchObject({ code: "meta_refused", title, retryable: false, meta: { code: 131047 } });
    expect(await storedMessage(problem.messageId)).toMatchObject({ status: "failed" });
    expect(await graphCalls(phoneNumberId)).toHaveLength(1);
  });

  it("reports that the service window is closed, without asking Meta", async ({ expect }) => {
    const ground = await anOrganization();
    const customer = aCustomer();
    const at = new Date(Date.now() - 24 * 3_600_000 - 1_000);
    await deliverAndStore(ground.phoneNumberId, aText({ from: customer, body: "Hello", at }));
    const { organizationPhoneId } = ground;

    const answer = await (await as(ground)).post("/send", {
      organizationPhoneId,
      to: customer,
      type: "text",
      message: "Hi",
    });

    expect(answer.status).toBe(409);
    const problem = { code: "window_closed", detail: expect.stringContaining("use a template") };
    expect(await answer.json()).toMatchObject(problem);
    expect(await graphCalls(ground.phoneNumberId)).toEqual([]);
  });

  it("names an invalid access token, as an admin's business", async ({ expect }) => {
    const chat = await aLiveChat();
    const token = `EAA${crypto.randomUUID()}`;
    await misbehave({ expiredToken: { token } });
    await db.execute(
      sql`update "OrganizationPhone" set "wabaAccessToken" = ${token} where id = ${chat.organizationPhoneId}`,
    );

    const answer = await (await as(chat)).post("/send", textTo(chat));

    expect(answer.status).toBe(502);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ title: "Invalid access token", meta: { code: 190 } });
    expect(JSON.parse(text).meta.fbtraceId).toEqual(expect.any(String));
    expect(text).not.toContain(token);
  });

  it("names a phone number that Meta does not know", async ({ expect }) => {
    const chat = await aLiveChat();
    const unknown = String(900_000_000_000_000 + chat.organizationPhoneId);
    await db.execute(
      sql`update "OrganizationPhone" set "wabaPhoneNumberId" = ${unknown} where id = ${chat.organizationPhoneId}`,
    );

    const answer = await (await as(chat)).post("/send", textTo(chat));

    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ title: "Phone number not found", meta: { code: 100 } });
  });

  it.for<[string, string, unknown]>([
    ["version", "wabaApiVersion", "v25.0/../v1"],
    ["phone number id", "wabaPhoneNumberId", "12/../34"],
    ["token", "wabaAccessToken", "EAA with spaces"],
    ["name of a secret", "wabaAccessToken", "secret:JWT_SECRET"],
    ["secret that is not set", "wabaAccessToken", "secret:WABA_ACCESS_TOKEN_NOBODY"],
  ])("is refused before the call for a wrong %s in the table", async ([, column, value], { expect }) => {
    const chat = await aLiveChat();
    const unique = column === "wabaPhoneNumberId" ? `${value}/${chat.id}` : value;
    await db.execute(
      sql`update "OrganizationPhone" set ${sql.identifier(column)} = ${unique} where id = ${chat.organizationPhoneId}`,
    );

    const answer = await (await as(chat)).post("/send", textTo(chat));

    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ code: "meta_refused" });
    expect(await graphCalls(chat.phoneNumberId)).toEqual([]);
  });

  it.for<[string, Record<string, unknown>, string]>([
    ["an unknown field", { text: "Hi" }, "/text"],
    ["another spelling of a field", { organizationPhoneID: 1 }, "/organizationPhoneID"],
    ["a field that needs escaping in a pointer", { "a/b~c": 1 }, "/a~1b~0c"],
    ["no message", { message: undefined }, "/message"],
    ["an empty message", { message: "" }, "/message"],
    ["a blank message", { message: " \n\t" }, "/message"],
    ["a message that is too long", { message: "x".repeat(4097) }, "/message"],
    ["U+0000 in the message", { message: "a\u0000b" }, "/message"],
    ["half a surrogate pair", { message: "a\ud83d" }, "/message"],
    ["another type", { type: "fax" }, "/type"],
    ["to and chatId", { to: "79161234567" }, "/to"],
    ["neither to nor chatId", { chatId: undefined }, "/to"],
    ["a name as to", { chatId: undefined, to: "Anna" }, "/to"],
    ["a phone that begins with 0", { chatId: undefined, to: "0791612345" }, "/to"],
    ["a phone of 16 digits", { chatId: undefined, to: "7916123456789012" }, "/to"],
    ["U+0000 as to", { chatId: undefined, to: "7916\u00001234567" }, "/to"],
    ["a number as text", { organizationPhoneId: "1" }, "/organizationPhoneId"],
    ["a number beyond integers", { organizationPhoneId: 2 ** 31 }, "/organizationPhoneId"],
  ])("is refused with %s, which is named", async ([, change, pointer], { expect }) => {
    const chat = await aLiveChat();

    const answer = await (await as(chat)).post("/send", { ...textTo(chat), ...change });

    expect(answer.status).toBe(400);
    const { code, errors } = await answer.json<{ code: string; errors: { pointer: string }[] }>();
    expect(code).toBe("invalid_request");
    expect(errors.map((error) => error.pointer)).toContain(pointer);
    expect(await graphCalls(chat.phoneNumberId)).toEqual([]);
  });

  it("is 4,096 characters long at most, and that is not refused", async ({ expect }) => {
    const chat = await aLiveChat();
    const answer = await (await as(chat)).post("/send", textTo(chat, "x".repeat(4096)));
    expect(answer.status).toBe(200);
  });

  it("has a number and a chat that exist, and belong together", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const second = await aPhone(chat.organizationId);
    const wrong = [{ organizationPhoneId: UNKNOWN_ID }, { chatId: UNKNOWN_ID }, second];
    for (const { organizationPhoneId, chatId } of wrong.map((one) => ({ ...textTo(chat), ...one }))) {
      const answer = await anna.post("/send", { ...textTo(chat), organizationPhoneId, chatId });
      expect(answer.status).toBe(404);
    }
    expect(await graphCalls(chat.phoneNumberId)).toEqual([]);
  });
});
