import { describe, it } from "vitest";
import { accountClient } from "../../src/whatsapp/graph-account.ts";
import { answeringAs, faultOf, type Made, refusal, token } from "./graph-answers.ts";

const answering = (answer: (made: Made) => Response | Promise<Response>) =>
  answeringAs(accountClient, answer);
const pathsOf = (calls: Made[]) =>
  calls.map(({ url, init }) => `${init.method} ${url.replace("https://graph.facebook.com/v25.0", "")}`);
const bodyOf = (made: Made | undefined) => JSON.parse(String(made?.init.body));
const fields =
  "fields=id,name,language,status,category,components,parameter_format,quality_score,rejected_reason";

/** A page of a list, and the address of the next one, which holds the token as Meta's does. */
function page(data: unknown[], after: string | null, more: object = {}): Response {
  const next = after === null ? {} : { next: `https://evil.example/?access_token=${token}&after=${after}` };
  return Response.json({
    data,
    paging: { cursors: { before: "b", after: after ?? "end" }, ...next },
    ...more,
  });
}

describe("an account's templates", () => {
  it("are read page by page, from Meta's own address alone", async ({ expect }) => {
    const { client, calls } = answering(({ url }) =>
      url.includes("after=") ? page([{ id: "2" }, 5], null) : page([{ id: "1" }], "c&1"),
    );
    expect(await client.templates("77")).toEqual([{ id: "1" }, { id: "2" }]);
    expect(pathsOf(calls)).toEqual([
      `GET /77/message_templates?${fields}&limit=50`,
      `GET /77/message_templates?${fields}&limit=50&after=c%261`,
    ]);
  });

  it("are found by their exact name, and one by its id", async ({ expect }) => {
    const named = ["order", "order_ready", "order"].map((name, i) => ({ id: String(i), name }));
    const { client, calls } = answering(({ url }) =>
      url.includes("/77/") ? page(named, null) : Response.json({ id: "5" }),
    );
    expect(await client.templates("77", "order")).toEqual([named[0], named[2]]);
    expect(await client.template("5")).toEqual({ id: "5" });
    expect(pathsOf(calls)).toEqual([
      `GET /77/message_templates?${fields}&limit=50&name=order`,
      `GET /5?${fields}`,
    ]);
  });

  it.for<[string, () => () => Response, number]>([
    ["turns in a circle", () => () => page([{ id: "1" }], "same"), 2],
    [
      "never ends",
      () => {
        let n = 0;
        return () => page([], String(n++));
      },
      240,
    ],
  ])("are given up when their list %s", async ([, answers, made], { expect }) => {
    const { client, calls } = answering(answers());
    expect(await faultOf(client.templates("77"))).toMatchObject({ outcome: "failed" });
    expect(calls).toHaveLength(made);
  });

  it.for([
    {},
    { data: null },
    { data: [null, "x"], paging: { next: 5, cursors: "x" } },
    { data: [], paging: { next: "x", cursors: { after: "" } } },
  ])("are none in the answer %j", async (answer, { expect }) => {
    expect(await answering(() => Response.json(answer)).client.templates("77")).toEqual([]);
  });

  it("are created, edited and deleted, in one language or in all", async ({ expect }) => {
    const { client, calls } = answering(() =>
      Response.json({ success: true, id: "9", status: "PENDING", category: "UTILITY" }),
    );
    const definition = { name: "order", language: "en", category: "UTILITY", components: [] };
    expect(await client.createTemplate("77", definition)).toEqual({
      id: "9",
      status: "PENDING",
      category: "UTILITY",
    });
    await client.editTemplate("9", { category: "MARKETING" });
    await client.deleteTemplate("77", "order");
    await client.deleteTemplate("77", "order", "9");
    expect(pathsOf(calls)).toEqual([
      "POST /77/message_templates",
      "POST /9",
      "DELETE /77/message_templates?name=order",
      "DELETE /77/message_templates?name=order&hsm_id=9",
    ]);
    expect(calls.slice(0, 2).map(bodyOf)).toEqual([definition, { category: "MARKETING" }]);
  });

  it("are not known to be changed by an answer that does not say so", async ({ expect }) => {
    const { client } = answering(() => Response.json({ success: "no" }));
    const calls = [
      client.createTemplate("77", {}),
      client.editTemplate("9", {}),
      client.deleteTemplate("77", "x"),
      client.setBusinessProfile("1", {}),
    ];
    for (const call of calls) expect(await faultOf(call)).toMatchObject({ outcome: "unknown" });
  });

  it("that Meta refuses say why in the words for people", async ({ expect }) => {
    const why = { error_data: {}, error_subcode: 2388023, error_user_msg: `The name is taken ${token}` };
    const { client } = answering(() => refusal(100, 400, why));
    expect(await faultOf(client.createTemplate("77", {}))).toMatchObject({
      outcome: "failed",
      code: 100,
      subcode: 2388023,
      details: "The name is taken [token]",
    });
  });

  it("of an id that is a business's are an account that is not found", async ({ expect }) => {
    const message = "(#100) Tried accessing nonexisting field (message_templates) on node type (Business)";
    const { client } = answering(() => refusal(100, 400, { message, error_data: {} }));
    expect(await faultOf(client.templates("77"))).toMatchObject({
      code: 100,
      subcode: 33,
      object: "account",
    });
  });

  it.for(["", "7/..", "me", "7?x=1"])("of an account called %j are not asked for", async (id, { expect }) => {
    const { client, calls } = answering(() => page([], null));
    expect(await faultOf(client.templates(id))).toMatchObject({ outcome: "failed" });
    expect(calls).toEqual([]);
  });
});

describe("a number's profile", () => {
  it.for([{ about: "Shop" }, { business_profile: { about: "Shop" } }])(
    "is read from %j",
    async (one, { expect }) => {
      const { client, calls } = answering(() => Response.json({ data: [one] }));
      expect(await client.businessProfile("1")).toEqual({ about: "Shop" });
      expect(pathsOf(calls)[0]).toMatch(/^GET \/1\/whatsapp_business_profile\?fields=about,address,/);
    },
  );

  it("is changed in what is given", async ({ expect }) => {
    const { client, calls } = answering(() => Response.json({ success: true }));
    await client.setBusinessProfile("1", { about: "Shop" });
    expect(pathsOf(calls)).toEqual(["POST /1/whatsapp_business_profile"]);
    expect(bodyOf(calls[0])).toEqual({ messaging_product: "whatsapp", about: "Shop" });
  });
});

describe("the people whom a number blocks", () => {
  it("are named by phone or by user id; each has its own result", async ({ expect }) => {
    const { client, calls } = answering(({ init }) =>
      Response.json({
        messaging_product: "whatsapp",
        block_users: {
          [init.method === "POST" ? "added_users" : "removed_users"]: [
            { input: "79161234567", wa_id: "79161234567" },
          ],
          failed_users: [{ input: "RU.1", errors: [{ message: "Not active", code: 139100 }] }, 5],
        },
      }),
    );
    const users = [{ phone: "79161234567" }, { userId: "RU.1" }];
    const expected = { done: ["79161234567"], failed: [{ user: "RU.1", reason: "Not active" }] };
    expect(await client.block("1", users)).toEqual(expected);
    expect(await client.unblock("1", users)).toEqual(expected);
    expect(pathsOf(calls)).toEqual(["POST /1/block_users", "DELETE /1/block_users"]);
    const body = {
      messaging_product: "whatsapp",
      block_users: [{ user: "79161234567" }, { user_id: "RU.1" }],
    };
    expect(calls.map(bodyOf)).toEqual([body, body]);
  });

  it("are listed page by page", async ({ expect }) => {
    const { client, calls } = answering(() => page([{ wa_id: "79161234567" }], "c1"));
    expect(await client.blocked("1")).toEqual({ items: [{ wa_id: "79161234567" }], after: "c1" });
    await client.blocked("1", "c1");
    expect(pathsOf(calls)).toEqual(["GET /1/block_users", "GET /1/block_users?after=c1"]);
  });
});
