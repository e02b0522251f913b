import { eq } from "drizzle-orm";
import { describe, it } from "vitest";
import { organizationPhones } from "../../src/db/organization-tables.ts";
import { as, type Person } from "../support/as.ts";
import { anOrganization, db, wabaOf } from "../support/build.ts";
import { misbehave, reviewAtMeta } from "../support/graph.ts";
import { aTemplateNotice, deliverNotice, templatesOf } from "../support/notices.ts";

type Row = { id: number; metaId: string | null; name: string; status: string; syncedAt: string | null };
type Page = { data: Row[]; nextCursor: string | null };

const CREATION = {
  name: "order_ready",
  language: "en",
  category: "UTILITY",
  components: [
    {
      type: "BODY",
      text: "Dear {{1}}, order {{2}} is ready.",
      example: { body_text: [["Anna", "7"]] },
    },
    { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Thanks" }] },
  ],
};

async function aNumber() {
  const ground = await anOrganization();
  const admin = await as({ ...ground, role: "admin" });
  const agent = await as({ ...ground, sub: "boris" });
  return { ground, admin, agent, path: `/phones/${ground.organizationPhoneId}/templates` };
}

async function made(admin: Person, path: string, creation: object = CREATION): Promise<Row> {
  return await (await admin.post(path, creation)).json<Row>();
}

const listed = async (person: Person, path: string) => await (await person.get(path)).json<Page>();
const codeOf = async (answer: Response) => [answer.status, (await answer.json<{ code: string }>()).code];

describe("templates of a number", () => {
  it("are read from Graph page by page, and what is gone is marked", async ({ expect }) => {
    const { ground, admin, agent, path } = await aNumber();
    const names = Array.from({ length: 55 }, (_, n) => `template_${n}`);
    await Promise.all(names.map((name) => made(admin, path, { ...CREATION, name })));
    const [one] = (await listed(agent, `${path}?name=template_7`)).data;
    await reviewAtMeta(one?.metaId ?? null, { status: "APPROVED", quality: "GREEN" });
    const answer = await admin.post(`${path}/sync`);
    expect(await answer.json()).toEqual({ listed: 56, gone: 0 });
    expect((await listed(agent, `${path}?status=APPROVED`)).data).toMatchObject([
      { name: "hello_world", status: "APPROVED" },
      { name: "template_7", status: "APPROVED", quality: "GREEN", wabaId: wabaOf(ground) },
    ]);
    expect((await listed(agent, `${path}?language=ru`)).data).toEqual([]);
  });

  it("are listed by name, page by page", async ({ expect }) => {
    const { admin, agent, path } = await aNumber();
    for (const name of ["b", "a", "c"]) await made(admin, path, { ...CREATION, name });
    const first = await listed(agent, `${path}?limit=2`);
    const second = await listed(agent, `${path}?limit=2&cursor=${first.nextCursor}`);
    expect([first, second].map(({ data }) => data.map(({ name }) => name))).toEqual([["a", "b"], ["c"]]);
    expect(second.nextCursor).toBeNull();
    expect(await codeOf(await agent.get(`${path}?name=a&cursor=${first.nextCursor}`))).toEqual([
      400,
      "invalid_cursor",
    ]);
  });

  it("are made at Meta, changed and deleted there, and the webhooks keep them current", async ({
    expect,
  }) => {
    const { ground, admin, agent, path } = await aNumber();
    const answer = await admin.post(path, CREATION);
    expect(answer.status).toBe(201);
    const template = await answer.json<Row>();
    expect(template).toMatchObject({
      name: "order_ready",
      status: "PENDING",
      components: CREATION.components,
    });

    const more = { message_template_id: Number(template.metaId), reason: "SCAM" };
    await deliverNotice(ground, aTemplateNotice.status("REJECTED", new Date(), more));
    expect((await listed(agent, path)).data).toMatchObject([
      { id: template.id, metaId: template.metaId, status: "REJECTED", reason: "SCAM" },
    ]);

    await reviewAtMeta(template.metaId, { status: "REJECTED" });
    const one = `${path}/${template.id}`;
    const components = [{ type: "BODY", text: "Ready." }];
    const edited = await admin.patch(one, { components });
    expect(edited.status).toBe(200);
    expect(await edited.json()).toMatchObject({ id: template.id, components });

    const removed = await admin.remove(one);
    expect(removed.status).toBe(200);
    expect(await removed.json()).toMatchObject({ id: template.id, status: "DELETED" });
    expect(await (await admin.post(`${path}/sync`)).json()).toEqual({ listed: 1, gone: 0 });
  });

  it("list what to fill in, and show it filled in with what Meta would refuse", async ({ expect }) => {
    const { admin, agent, path } = await aNumber();
    const { id, metaId } = await made(admin, path);
    const open = await (await agent.get(`${path}/${id}`)).json();
    expect(open).toMatchObject({
      status: "PENDING",
      form: [
        { key: "body.1", kind: "text", required: true, example: "Anna" },
        { key: "body.2", example: "7" },
      ],
      preview: { body: "Dear {{1}}, order {{2}} is ready.", buttons: [{ text: "Thanks" }] },
    });
    await reviewAtMeta(metaId, { status: "APPROVED" });
    await admin.post(`${path}/sync`);

    const preview = async (values: object) =>
      await (await agent.post(`${path}/${id}/preview`, { values })).json();
    expect(await preview({ "body.1": "Olga", "body.2": "12" })).toMatchObject({
      preview: { body: "Dear Olga, order 12 is ready." },
      template: { name: "order_ready", components: [{ type: "body", parameters: [{}, {}] }] },
      errors: [],
    });
    expect(await preview({ "body.1": "Olga" })).toMatchObject({
      errors: [{ code: "missing", detail: "The body's variable {{2}} has no value." }],
    });
    // Hostile values are named, and break nothing.
    expect(await preview({ "body.1": { a: 1 }, "body.2": "x", __proto__: "y", other: "z" })).toMatchObject({
      errors: [{ code: expect.any(String) }],
    });
  });

  it("are refused in Meta's words, and nothing is stored", async ({ expect }) => {
    const { ground, admin, path } = await aNumber();
    await made(admin, path);
    const again = await admin.post(path, CREATION);
    expect(again.status).toBe(502);
    expect(await again.json()).toMatchObject({
      code: "meta_refused",
      meta: { code: 100, subcode: 2388024 },
    });
    expect(await templatesOf(ground)).toHaveLength(1);
    const wrong = await admin.post(path, { ...CREATION, name: "Not a name" });
    expect(await codeOf(wrong)).toEqual([400, "invalid_request"]);
  });

  it("name the WABA id when it is the one that Graph does not find", async ({ expect }) => {
    const { ground, admin, path } = await aNumber();
    const { id } = await made(admin, path);
    await db
      .update(organizationPhones)
      .set({ wabaId: "670843887433847" })
      .where(eq(organizationPhones.id, ground.organizationPhoneId));
    for (const answer of [await admin.post(`${path}/sync`), await admin.post(path, CREATION)]) {
      const problem = await answer.json<{ title: string; detail: string }>();
      expect(problem).toMatchObject({ title: "WhatsApp Business account not found", meta: { code: 100 } });
      expect(problem.detail).toContain("wabaId");
      expect(problem.detail).not.toContain("phone number ID");
    }
    expect(await codeOf(await admin.get(`${path}/${id}`))).toEqual([404, "not_found"]);
  });

  it("stay as they are when Graph does not list all of them", async ({ expect }) => {
    const { ground, admin, path } = await aNumber();
    await made(admin, path);
    await misbehave({ answer: { on: "any", phoneNumberId: wabaOf(ground), status: 500, times: 1 } });
    const answer = await admin.post(`${path}/sync`);
    expect(await codeOf(answer)).toEqual([503, "unavailable"]);
    expect(await templatesOf(ground)).toMatchObject([{ status: "PENDING" }]);
  });

  it("are changed by admins alone", async ({ expect }) => {
    const { admin, agent, path } = await aNumber();
    const { id } = await made(admin, path);
    const answers = [
      await agent.post(path, CREATION),
      await agent.post(`${path}/sync`),
      await agent.patch(`${path}/${id}`, { category: "MARKETING" }),
      await agent.remove(`${path}/${id}`),
    ];
    expect(await Promise.all(answers.map(codeOf))).toEqual(answers.map(() => [403, "forbidden"]));
  });

  it("are not those of another organization, nor of another account", async ({ expect }) => {
    const [ours, theirs] = [await aNumber(), await aNumber()];
    const { id } = await made(theirs.admin, theirs.path);
    for (const path of [`${theirs.path}/${id}`, `${ours.path}/${id}`, theirs.path]) {
      expect(await codeOf(await ours.admin.get(path))).toEqual([404, "not_found"]);
    }
    expect(await codeOf(await ours.admin.remove(`${ours.path}/${id}`))).toEqual([404, "not_found"]);
  });
});
