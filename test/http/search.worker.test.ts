import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, it } from "vitest";
import { indexEarlier } from "../../src/schedule.ts";
import { as, type Person } from "../support/as.ts";
import { aCustomer, anOrganization, db } from "../support/build.ts";
import { aWamid } from "../support/meta.ts";
import { anEdit, aRevoke, aTextOf, chatsOf, ingestItems } from "../support/stored.ts";

type Hit = {
  byNumber: boolean;
  message: { id: number; body: string };
  chat: { id: number };
  snippet: { text: string; marks: [number, number][] };
};
type Found = { chats: { id: number; contact: { name: string } }[]; data: Hit[]; nextCursor: string | null };

async function search(person: Person, q: string, more = ""): Promise<Found> {
  return await (await person.get(`/search?q=${encodeURIComponent(q)}${more}`)).json<Found>();
}

/**
 * The bodies of what is found when only the newest `walk` messages are read in their order, and all others are looked up by the
 * index of the words; page by page, two at a time.
 */
async function foundByIndex(organizationId: number, q: string, walk: number): Promise<string[]> {
  type Row = { at: string; id: number; body: string };
  const bodies: string[] = [];
  for (let place = null as Row | null; ; ) {
    const { rows }: { rows: Row[] } = await db.execute<Row>(sql`
      select rfc3339((message)."createdAt") as at, (message).id, (message).body from search_messages(${organizationId}::int, ${q},
        ${place?.at ?? null}::timestamptz, ${place?.id ?? null}::int, false, 2, ${walk}::int)`);
    bodies.push(...rows.map(({ body }) => body));
    place = rows[1] ?? null;
    if (!place) return bodies;
  }
}

/** One organization whose customers have written these texts, in this order. */
async function written(...bodies: string[]) {
  const ground = await anOrganization();
  const from = aCustomer();
  const noon = Date.now() - 3_600_000;
  const items = bodies.map((body, n) => aTextOf(body, { from, at: new Date(noon + n * 1_000), name: "Ann" }));
  // Some alone, some as a batch: both ways in must index.
  await ingestItems(ground, ...items.slice(0, 1));
  if (items.length > 1) await ingestItems(ground, ...items.slice(1));
  return { ground, from, anna: await as(ground) };
}

/** The found texts with what was found in brackets. */
function shown({ data }: Found): string[] {
  return data.map(({ snippet: { text, marks } }) => {
    let marked = text;
    for (const [start, end] of [...marks].reverse())
      marked = `${marked.slice(0, start)}[${marked.slice(start, end)}]${marked.slice(end)}`;
    return marked;
  });
}

describe("searching messages", () => {
  it.for([
    ["Я уже заказал вчера", "заказали", "Я уже [заказал] вчера"],
    ["Заказали пиццу", "заказ", "[Заказали] пиццу"],
    ["Верните денег сколько было", "деньги", "Верните [денег] сколько было"],
    ["Где мои деньги", "денег", "Где мои [деньги]"],
    ["Она пришла сама", "пришёл", "Она [пришла] сама"],
    ["он ПРИШЕ\u0308Л", "пришла", "он [ПРИШЕ\u0308Л]"],
    ["все еще жду", "всё ещё", "[все] [еще] жду"],
    ["Всё ещё жду", "все еще", "[Всё] [ещё] жду"],
    ["договоры готовы", "договор", "[договоры] готовы"],
    ["доставка завтра", "-доставка", "[доставка] завтра"],
    ["Both parties agree", "party", "Both [parties] agree"],
    ["A big party", "parties", "A big [party]"],
    ["We run late", "running", "We [run] late"],
    ["My orders arrived", "ordered", "My [orders] arrived"],
    ["Invoice A-12345 is late", "A-12345", "Invoice [A-12345] is late".replace("[A-12345]", "A-[12345]")],
    ["Invoice A-12345 is late", "12345", "Invoice A-[12345] is late"],
    ["Call +7 (900) 123-45-67 now", "89001234567", "Call [+7 (900) 123-45-67] now"],
    ["Call 8 900 123 45 67", "+7 900 123-45-67", "Call [8 900 123 45 67]"],
    ["<b>bold</b> & co", "bold", "<b>[bold]</b> & co"],
    ["где мой заказ", "где заказ", "где мой [заказ]"],
    ["Это заказ N48213", "48213", "Это заказ [N48213]"],
    ["Это заказ N48213", "N-48213", "Это заказ [N48213]"],
    ["Invoice ORD-48213", "ord48213", "Invoice [ORD]-[48213]"],
    ["Заказ №48213 оплачен", "48213", "Заказ №[48213] оплачен"],
    ["Заказ №48213 оплачен", "заказ 482", "[Заказ] №[48213] оплачен"],
    ["Заказ 48213", '"заказ" №48213', "[Заказ] [48213]"],
    ["Заказ 48213", "48 213", "Заказ [48213]"],
    ["Заказ 48213", "заказ 48-213", "[Заказ] [48213]"],
    ["Заказ 48 213 готов", "48213", "Заказ [48 213] готов"],
    ["Заказ № 48-213", "заказа №48213", "[Заказ] № [48-213]"],
    ["Итого 48\u202f213 руб.", "4821", "Итого [48\u202f213] руб."],
    ["Total 48,213.00", "48213", "Total [48,213].00"],
    ["Это N 48 213", "n48213", "Это [N] [48 213]"],
    [
      "Звоните 8\u00a0916\u00a0123\u201145\u201167",
      "89161234567",
      "Звоните [8\u00a0916\u00a0123\u201145\u201167]",
    ],
    ["Звоните: +7 916 123-45-67", "4567", "Звоните: [+7 916 123-45-67]"],
    ["Мой 89161234567", "45 67", "Мой [89161234567]"],
    ["Мой 89161234567", "123-45-67", "Мой [89161234567]"],
    ["Мой телефон 89161234567", "телефон 34-567", "Мой [телефон] [89161234567]"],
    ["Мой 89161234567", "+7 916 12", "Мой [89161234567]"],
    ["Звоните: +7 916 123-45-67", "звоните 8(916)1234567", "[Звоните]: [+7 916 123-45-67]"],
  ] as const)("%s: finds it by %s", async ([body, query, expected], { expect }) => {
    const { anna, ground } = await written(body, "nothing to see", "ничего такого");
    expect(shown(await search(anna, query))).toEqual([expected]);
    for (const walk of [0, 2]) expect(await foundByIndex(ground.organizationId, query, walk)).toEqual([body]);
  });

  it.for([
    ["Это заказ № 48213", "номер заказа 48213"],
    ["Это заказ № 48213", "order #48213"],
    ["Это накладная 48213", "заказ №48213 оплачен"],
    ["Это накладная 48 213", "номер заказа 48213"],
    ["Это накладная 48213", "номер заказа 48-213"],
    ["Счёт A-12345 оплачен", "invoice А-12345"],
    ["Мой номер +7 916 123-45-67", "телефон клиента 89161234567"],
  ] as const)(
    "%s: finds it by the number in %s, as nothing has all the words",
    async ([body, query], { expect }) => {
      const { anna } = await written(body, "номер заказа 77777", "order and invoice, телефон");
      const { data } = await search(anna, query);
      expect(data.map(({ message, byNumber }) => [message.body, byNumber])).toEqual([[body, true]]);
      expect(data[0]?.snippet.marks).toHaveLength(1);
    },
  );

  it("goes on page by page by the number, and keeps to the words where any message has them", async ({
    expect,
  }) => {
    const numbers = Array.from({ length: 5 }, (_, n) => `№ 48213, часть ${n}`);
    const { anna } = await written(...numbers, "заказ 55555");
    const bodies: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page = await search(anna, "заказ 48213", `&limit=2${cursor && `&cursor=${cursor}`}`);
      bodies.push(...page.data.map(({ message }) => message.body));
      cursor = page.nextCursor;
    }
    expect(bodies).toEqual(numbers.toReversed());
    const { data } = await search(anna, "заказ 55555");
    expect(data).toMatchObject([{ byNumber: false, message: { body: "заказ 55555" } }]);
    for (const q of ["заказ 482", "заказ 99999", "8213"]) expect((await search(anna, q)).data, q).toEqual([]);
  });

  it("finds a message with a word of 3,000 letters by its other words and by its beginning", async ({
    expect,
  }) => {
    const { anna } = await written(`Key: ${"Ж1".repeat(1_500)} конец`, "nothing to see");
    for (const q of ["конец", "ж1ж1ж1ж1"]) expect((await search(anna, q)).data, q).toHaveLength(1);
  });

  it("finds a phone in digits of full width", async ({ expect }) => {
    const { anna } = await written("Tel ＋７９００１２３４５６７", "nothing to see");
    expect((await search(anna, "89001234567")).data).toHaveLength(1);
  });

  it.for(["stranger", "заказчик2", "…", "& | ! <->", "':*", "%", "12345678"])(
    "finds nothing by %s",
    async (q, { expect }) => {
      const { anna } = await written("Hello there", "заказ 1");
      expect(await search(anna, q)).toMatchObject({ chats: [], data: [], nextCursor: null });
    },
  );

  it("goes back page by page, newest first, each message once, over days and years", async ({ expect }) => {
    const ground = await anOrganization();
    const [anna, from] = [await as(ground), aCustomer()];
    const days = [0, 0, 1, 2, 5, 40, 400, 1_300, 4_000];
    const now = Date.now();
    for (const [n, day] of days.entries())
      await ingestItems(
        ground,
        aTextOf(`parcel ${n}`, { from, at: new Date(now - day * 86_400_000 - n * 1_000) }),
      );
    const ids: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page = await search(anna, "parcel", `&limit=2${cursor && `&cursor=${cursor}`}`);
      ids.push(...page.data.map(({ message }) => message.body));
      cursor = page.nextCursor;
    }
    expect(ids).toEqual(days.map((_, n) => `parcel ${n}`));
    for (const walk of [0, 1, 4])
      expect(await foundByIndex(ground.organizationId, "parcel", walk)).toEqual(ids);
    const { nextCursor } = await search(anna, "parcel", "&limit=2");
    expect((await anna.get(`/search?q=other&cursor=${nextCursor}`)).status).toBe(400);
  });

  it("finds the one message that has a rare word beside a frequent one, or two frequent ones", async ({
    expect,
  }) => {
    const many = Array.from({ length: 60 }, (_, n) => (n % 2 === 0 ? `order ${n}` : `parcel ${n}`));
    const { ground } = await written("order of sapphires", "order in a parcel", ...many);
    const found = async (q: string) => await foundByIndex(ground.organizationId, q, 3);
    expect(await found("order sapphire")).toEqual(["order of sapphires"]);
    expect(await found("parcel order")).toEqual(["order in a parcel"]);
    expect(await found("order")).toHaveLength(32);
  });

  it("finds what an edit says and not what it replaced, and nothing that was deleted", async ({ expect }) => {
    const ground = await anOrganization();
    const [anna, from, wamid] = [await as(ground), aCustomer(), aWamid()];
    await ingestItems(ground, aTextOf("original words", { from, wamid }));
    await ingestItems(ground, anEdit(wamid, "better phrase", { from }));
    expect(shown(await search(anna, "original"))).toEqual([]);
    expect(shown(await search(anna, "better"))).toEqual(["[better] phrase"]);
    await ingestItems(ground, aRevoke(wamid, { from }));
    for (const q of ["original", "better", "deleted"]) expect(shown(await search(anna, q)), q).toEqual([]);
    const { rows } =
      await db.execute(sql`select from "MessageSearch" s join "Message" m on m.id = s."messageId"
      where m."organizationPhoneId" = ${ground.organizationPhoneId}`);
    expect(rows).toEqual([]);
  });

  it("never finds another organization's", async ({ expect }) => {
    const { anna } = await written("secret recipe of Boris");
    const outsider = await as(await anOrganization());
    expect((await search(anna, "recipe")).data).toHaveLength(1);
    for (const q of ["recipe", "Ann"])
      expect(await search(outsider, q), q).toMatchObject({ chats: [], data: [] });
  });

  it("also finds messages from before there was a search, once they are indexed", async ({ expect }) => {
    const { anna, ground } = await written("ancient history");
    await db.execute(sql`delete from "MessageSearch" s using "Message" m where m.id = s."messageId"
      and m."organizationPhoneId" = ${ground.organizationPhoneId}`);
    expect((await search(anna, "ancient")).data).toEqual([]);
    await db.execute(sql`update "SearchBackfill" set "beforeMessageId" = 2147483647`);
    await indexEarlier(env);
    expect(shown(await search(anna, "ancient"))).toEqual(["[ancient] history"]);
  });

  it("writes nothing for a status", async ({ expect }) => {
    const { anna, ground } = await written("Once");
    const version = async () =>
      (
        await db.execute(sql`select s.xmin::text from "MessageSearch" s join "Message" m on m.id = s."messageId"
        where m."organizationPhoneId" = ${ground.organizationPhoneId}`)
      ).rows;
    const before = await version();
    await db.execute(
      sql`update "Message" set status = 'read', body = body where "organizationPhoneId" = ${ground.organizationPhoneId}`,
    );
    expect(await version()).toEqual(before);
    expect((await search(anna, "once")).data).toHaveLength(1);
  });
});

describe("searching contacts", () => {
  it("finds them by parts of names, by what an agent calls them, and by phones in any form", async ({
    expect,
  }) => {
    const { anna, ground, from } = await written("Hello");
    const [chat] = await chatsOf(ground);
    await anna.patch(`/contacts/${chat?.contactId}`, { name: "Артём Ёлкин_2 (опт)" });
    const national = from.slice(1);
    const queries = [
      "елкин",
      "ЁЛК",
      "рте",
      "ар",
      "ann",
      "елкин артем",
      "Ёлкин_2",
      `8${national}`,
      `+7 (${national.slice(0, 3)}) ${national.slice(3)}`,
      from.slice(-5),
      from.slice(-4),
      `${from.slice(-4, -2)} ${from.slice(-2)}`,
      `ёлкин ${from.slice(-4, -2)}-${from.slice(-2)}`,
    ];
    for (const q of queries)
      expect(
        (await search(anna, q)).chats.map(({ id }) => id),
        q,
      ).toEqual([chat?.id]);
    for (const q of ["елкинд", "_", "0000000"]) expect((await search(anna, q)).chats, q).toEqual([]);
    expect((await search(anna, "Ёлкин", "&limit=1")).chats).toMatchObject([
      { contact: { name: "Артём Ёлкин_2 (опт)" } },
    ]);
  });

  it("shows first those whose phone ends with a number, then those that have it elsewhere", async ({
    expect,
  }) => {
    const ground = await anOrganization();
    const [anna, base, at] = [await as(ground), `79${Date.now() % 100_000}`, Date.now() - 60_000];
    const people: [phone: string, name: string][] = [
      [`${base}4567`, "Ends"],
      [`${base}45672`, "Inside"],
      ["79001110000", "Flat 45 67"],
      [`${base}45673`, "Inside, later"],
      ["79001112222", "Another"],
    ];
    for (const [n, [from, name]] of people.entries())
      await ingestItems(ground, aTextOf("Hi", { from, name, at: new Date(at + n * 1_000) }));
    const names = async (q: string) => (await search(anna, q)).chats.map(({ contact }) => contact.name);
    expect(await names("4567")).toEqual(["Ends", "Inside, later", "Inside"]);
    expect(await names("45 67")).toEqual(["Ends", "Inside, later", "Inside", "Flat 45 67"]);
    expect(await names("flat 45 67")).toEqual(["Flat 45 67"]);
    expect(await names("inside 45-67")).toEqual(["Inside, later", "Inside"]);
  });

  it.for(["q=", "q=%20", `q=${"x".repeat(201)}`, "", "q=a&limit=51", "q=a&cursor=x"])(
    "refuses ?%s",
    async (query, { expect }) => {
      expect((await (await as(await anOrganization())).get(`/search?${query}`)).status).toBe(400);
    },
  );
});
