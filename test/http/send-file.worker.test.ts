import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { as, type Person } from "../support/as.ts";
import { aPhone, db, type Ground } from "../support/build.ts";
import { aLiveChat, graphCalls } from "../support/graph.ts";
import { ask } from "../support/worker.ts";

async function uploaded({ organizationPhoneId }: Ground, { token }: Person, type = "image/png") {
  const answer = await ask(`/api/waba/media?organizationPhoneId=${organizationPhoneId}&fileName=list.pdf`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": type },
    body: crypto.randomUUID(),
  });
  const { id } = await answer.json<{ id: number }>();
  const { rows } = await db.execute<{ metaId: string }>(sql`select "metaId" from "Media" where id = ${id}`);
  return { id, metaId: rows[0]?.metaId ?? "" };
}

/** The paths that Graph was called at for a number, and what each message said of its file. */
async function calls(chat: Ground, type: string) {
  return (await graphCalls(chat.phoneNumberId)).map(({ path, body }) => [
    path.split("/").at(-1),
    body?.[type],
  ]);
}

describe("a message with a file that was uploaded here", () => {
  it("names it to Meta by Meta's id, and shows it as its own", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const { id, metaId } = await uploaded(chat, anna);
    const to = { organizationPhoneId: chat.organizationPhoneId, chatId: chat.id };
    const answer = await anna.post("/send", {
      ...to,
      type: "image",
      image: { mediaId: id, caption: "Look" },
    });
    expect([answer.status, await answer.json()]).toMatchObject([200, { status: "accepted" }]);
    expect(metaId).toMatch(/^\d+$/);
    expect(await calls(chat, "image")).toEqual([
      ["media", undefined],
      ["messages", { id: metaId, caption: "Look" }],
    ]);
    const { data } = await (await anna.get(`/chats/${chat.id}/messages`)).json<{ data: object[] }>();
    expect(data).toContainEqual(
      expect.objectContaining({
        fromMe: true,
        body: expect.stringContaining("Look"),
        media: expect.objectContaining({ id, state: "stored", mimeType: "image/png" }),
      }),
    );
  });

  it("gives a document the name that it was uploaded with, unless the request has another", async ({
    expect,
  }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const { id, metaId } = await uploaded(chat, anna, "application/pdf");
    const to = { organizationPhoneId: chat.organizationPhoneId, chatId: chat.id, type: "document" };
    await anna.post("/send", { ...to, document: { mediaId: id } });
    await anna.post("/send", { ...to, document: { mediaId: id, filename: "Prices.pdf" } });
    expect((await calls(chat, "document")).slice(1)).toEqual([
      ["messages", { id: metaId, filename: "list.pdf" }],
      ["messages", { id: metaId, filename: "Prices.pdf" }],
    ]);
  });

  it("uploads it anew once Meta's 30 days are over, and once only", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const { id, metaId } = await uploaded(chat, anna);
    await db.execute(sql`update "Media" set "expiresAt" = now() where id = ${id}`);
    const to = { organizationPhoneId: chat.organizationPhoneId, chatId: chat.id, type: "image" };
    await anna.post("/send", { ...to, image: { mediaId: id } });
    await anna.post("/send", { ...to, image: { mediaId: id } });
    const [, renewed, first, second, ...more] = await calls(chat, "image");
    expect([renewed?.[0], first?.[0], second, more]).toEqual(["media", "messages", first, []]);
    expect(first?.[1]).toEqual({ id: expect.stringMatching(/^\d+$/) });
    expect(first?.[1]).not.toEqual({ id: metaId });
  });

  it("is refused when the file is not there, not this number's, or of another type", async ({ expect }) => {
    const chat = await aLiveChat();
    const anna = await as(chat);
    const pdf = await uploaded(chat, anna, "application/pdf");
    const phone = await aPhone(chat.organizationId);
    const elsewhere = await uploaded({ ...chat, ...phone }, anna);
    const otherChat = await aLiveChat();
    const foreign = await uploaded(otherChat, await as(otherChat));
    const to = { organizationPhoneId: chat.organizationPhoneId, chatId: chat.id, type: "image" };
    for (const mediaId of [2_000_000_000, pdf.id, elsewhere.id, foreign.id]) {
      const answer = await anna.post("/send", { ...to, image: { mediaId } });
      expect([answer.status, await answer.json()]).toMatchObject([
        400,
        { code: "invalid_request", errors: [{ pointer: "/image/mediaId" }] },
      ]);
    }
    const both = await anna.post("/send", { ...to, image: { mediaId: pdf.id, id: "1" } });
    expect(await both.json()).toMatchObject({ errors: [{ pointer: "/image/mediaId" }] });
    expect((await calls(chat, "image")).filter(([path]) => path === "messages")).toEqual([]);
  });
});
