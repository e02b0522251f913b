import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { replaceToken } from "../../src/db/organization-phones.ts";
import { as } from "../support/as.ts";
import { db, type Ground } from "../support/build.ts";
import { aLiveChat, graphCalls, misbehave } from "../support/graph.ts";

const aRawToken = () => `EAA${crypto.randomUUID().replaceAll("-", "")}`;
const masked = (token: string) => `${token.slice(0, 4)}…${token.slice(-4)}`;

async function setToken({ organizationPhoneId }: Pick<Ground, "organizationPhoneId">, value: string | null) {
  await db.execute(
    sql`update "OrganizationPhone" set "wabaAccessToken" = ${value} where id = ${organizationPhoneId}`,
  );
}

async function tokenOf({ organizationPhoneId }: Pick<Ground, "organizationPhoneId">): Promise<string | null> {
  const { rows } = await db.execute<{ token: string | null }>(
    sql`select "wabaAccessToken" token from "OrganizationPhone" where id = ${organizationPhoneId}`,
  );
  return rows[0]?.token ?? null;
}

async function aSend(token: string | null) {
  const chat = await aLiveChat();
  await setToken(chat, token);
  const anna = await as(chat);
  const { organizationPhoneId, id: chatId } = chat;
  const send = () => anna.post("/send", { organizationPhoneId, chatId, type: "text", message: "Hi" });
  const tokens = async () => (await graphCalls(chat.phoneNumberId)).map(({ authorization }) => authorization);
  return { chat, anna, send, tokens };
}

describe("a raw token in the table", () => {
  it("is used, sealed at first use, and works sealed", async ({ expect }) => {
    const token = aRawToken();
    const { chat, send, tokens } = await aSend(token);

    expect((await send()).status).toBe(200);
    const sealed = await tokenOf(chat);
    expect(sealed).toMatch(/^sealed:v1:/);
    expect(sealed).not.toContain(token.slice(3));

    expect((await send()).status).toBe(200);
    expect(await tokenOf(chat)).toBe(sealed);
    expect(await tokens()).toEqual([masked(token), masked(token)]);
  });

  it("does not open in another row once it is sealed", async ({ expect }) => {
    const from = await aSend(aRawToken());
    await from.send();
    const to = await aSend(await tokenOf(from.chat));

    const answer = await to.send();

    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ title: "Invalid access token" });
    expect(await to.tokens()).toEqual([]);
  });

  it("O10: that an operator replaces works at the very next send", async ({ expect }) => {
    const [older, newer] = [aRawToken(), aRawToken()];
    const { chat, send, tokens } = await aSend(older);
    await misbehave({ expiredToken: { token: older } });
    expect((await send()).status).toBe(502);

    await setToken(chat, newer);

    expect((await send()).status).toBe(200);
    expect(await tokens()).toEqual([masked(older), masked(newer)]);
  });

  it("O10: is not sealed over an operator's newer value", async ({ expect }) => {
    const [older, newer] = [aRawToken(), aRawToken()];
    const { chat } = await aSend(newer);

    // A seal of the older value that took its time.
    expect(await replaceToken(db, chat.organizationPhoneId, older, "sealed:v1:late")).toBe(false);

    expect(await tokenOf(chat)).toBe(newer);
    expect(await replaceToken(db, chat.organizationPhoneId, newer, "sealed:v1:now")).toBe(true);
  });
});

describe("a named secret", () => {
  it("is looked up at every send, and stays a name", async ({ expect }) => {
    const { chat, send, tokens } = await aSend("secret:WABA_ACCESS_TOKEN");
    expect((await send()).status).toBe(200);
    expect(await tokens()).toEqual(["EAA…"]);
    expect(await tokenOf(chat)).toBe("secret:WABA_ACCESS_TOKEN");
  });

  it("is the common one where the table holds none", async ({ expect }) => {
    const { chat, send, tokens } = await aSend(null);
    expect((await send()).status).toBe(200);
    expect(await tokens()).toEqual(["EAA…"]);
    expect(await tokenOf(chat)).toBeNull();
  });

  it.for([
    "secret:JWT_SECRET",
    "secret:DATABASE_URL",
    "secret:",
    "secret:toString",
    "secret:WABA_ACCESS_TOKEN.x",
  ])("%s goes nowhere", async (name, { expect }) => {
    const { send, tokens } = await aSend(name);
    const answer = await send();
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ title: "Invalid access token", code: "meta_refused" });
    expect(await tokens()).toEqual([]);
  });
});
