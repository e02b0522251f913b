import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import type { Browser, BrowserContextOptions, Locator, Page, WebSocketRoute } from "playwright-core";
import { afterAll, afterEach, describe } from "vitest";
import { hasNoBrowser, openTab, type Tab, TEST_MS, WAIT_MS } from "../browser.ts";
import { pageSystem } from "../page-system.ts";

const LOOK_EVERY_MS = 50;
const RESTING_FRAMES = 10;

export type Json = Record<string, unknown>;

/** A person with WhatsApp, whom no other test knows. */
export type Customer = { phone: string; name: string };

export type InboxWorld = ReturnType<typeof inboxWorld>;

/**
 * Runs these suites of the inbox in one local mode and one browser, which take longer to start than most tests take to run. Files of
 * suites run side by side. On a machine that has much else to do a test of ten seconds takes more than a minute.
 */
export function describeInbox(...suites: ((world: InboxWorld) => void)[]): void {
  describe.skipIf(hasNoBrowser)("the inbox", { timeout: TEST_MS }, () => {
    const world = inboxWorld();
    for (const suite of suites) suite(world);
  });
}

/** Local mode with the page and a browser for the tests of the inbox, and what they do and look at in it. */
function inboxWorld() {
  const system = pageSystem();
  let customers = 0;

  const control = async (method: string, path: string, body?: Json): Promise<Json> => {
    const init = body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(`${system.simulator}/simulator${path}`, { method, ...init });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json().catch(() => ({}))) as Json;
  };
  /** Asks the API as an agent; the answer's JSON. */
  const api = async (
    sub: string,
    method: string,
    path: string,
    body?: Json,
    headers: Record<string, string> = {},
  ): Promise<Json> => {
    const answer = await fetch(`${system.origin}/api/waba${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await system.tokenFor(sub)}`,
        ...(body && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return (await answer.json().catch(() => ({}))) as Json;
  };
  // What one test breaks, and fails to restore, would fail the others.
  afterEach(() => control("DELETE", "/faults"));
  // A connection for each look would keep Postgres busy.
  let database: pg.Pool | null = null;
  const sql = async (text: string, values: unknown[] = []) => {
    database ??= new pg.Pool({ connectionString: system.databaseUrl });
    return (await database.query(text, values)).rows;
  };
  afterAll(() => database?.end());
  const addressOf = async ({ phone }: Pick<Customer, "phone">): Promise<string> => {
    const text = `select c.id from "Chat" c join "Contact" k on k.id = c."contactId" where k.phone = $1`;
    for (;;) {
      const [chat] = (await sql(text, [phone])) as { id: number }[];
      if (chat) return `/inbox/${chat.id}`;
      await wait(LOOK_EVERY_MS);
    }
  };
  const openIn = async (browser: Browser, sub: string, path: string, options: BrowserContextOptions) => {
    const tab = await openTab(browser, system.origin, options);
    await tab.page.goto(`${path}#token=${await system.tokenFor(sub)}`);
    await tab.page.getByRole("heading", { level: 1 }).waitFor();
    return tab;
  };
  const list = async (path: string) => ((await control("GET", path)) as { data: Json[] }).data;

  return {
    system,
    control,
    api,
    /** Has the templates of phone 1 read from Meta. */
    syncTemplates: () => api("anna", "POST", "/phones/1/templates/sync"),
    async customer(name: string): Promise<Customer> {
      const phone = `7999${String(++customers).padStart(7, "0")}`;
      await control("PUT", `/customers/${phone}`, { name });
      return { phone, name };
    },
    /** A message of any type, as Meta's object. */
    async say({ phone }: Pick<Customer, "phone">, message: string | Json, more: Json = {}) {
      const content = typeof message === "string" ? { type: "text", text: { body: message } } : message;
      return (await control("POST", `/customers/${phone}/messages`, { ...content, ...more })) as {
        wamid: string;
        audio?: { id: string };
      };
    },
    /** A webhook of any field for phone 1, as Meta's value without its metadata. */
    hook: (field: string, value: Json) =>
      control("POST", "/webhooks", {
        field,
        value: {
          messaging_product: "whatsapp",
          metadata: { display_phone_number: "79001234567", phone_number_id: "987654321098765" },
          ...value,
        },
      }),
    /** What the business sent, as the customer's phone shows it. */
    async shownTo({ phone }: Pick<Customer, "phone">) {
      return (await list(`/customers/${phone}/messages`)).filter(({ from }) => from !== "customer");
    },
    /** The bodies of the calls to Graph that send something to this customer. */
    async sentTo({ phone }: Pick<Customer, "phone">) {
      const calls = (await list("/requests")) as { path: string; body?: Json }[];
      return calls
        .filter(({ path, body }) => path.endsWith("/messages") && body?.to === phone)
        .map(({ body }) => body ?? {});
    },
    /** Changes the database, where a test cannot wait for time to do it. */
    sql,
    /** The Worker's schedule, which local mode triggers each minute. */
    async nextMinute(): Promise<void> {
      const cron = encodeURIComponent("* * * * *");
      const answer = await fetch(`${system.origin}/cdn-cgi/local/scheduled?cron=${cron}`);
      if (!answer.ok) throw new Error(`The schedule: ${answer.status}`);
    },
    /** The read receipts for a message. */
    async readsOf(wamid: string) {
      const calls = (await list("/requests")) as { body?: Json }[];
      return calls.filter(({ body }) => body?.status === "read" && body.message_id === wamid);
    },
    /** The address of the chat with a customer who has written: the list may have it below what is on the screen. */
    addressOf,
    /** Waits until that many messages of a customer are in the database. */
    async stored({ phone }: Pick<Customer, "phone">, count: number): Promise<void> {
      const text = `select count(*)::int as count from "Message" m join "Chat" c on c.id = m."chatId"
        join "Contact" k on k.id = c."contactId" where k.phone = $1`;
      while ((await sql(text, [phone]))[0]?.count < count) await wait(LOOK_EVERY_MS);
    },
    /** Adds texts to a customer's chat as if they had been written a second apart, an hour ago. */
    async wroteEarlier(customer: Customer, texts: string[]): Promise<void> {
      const chatId = (await addressOf(customer)).split("/").at(-1);
      await sql(
        `insert into "Message" ("organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload, "createdAt")
         select c."organizationPhoneId", c.id, c.head + t.n, 'wamid.early.' || c.id || '.' || t.n, false, 'text', t.body,
           json_build_object('type', 'text', 'text', json_build_object('body', t.body)), now() - interval '1 hour' + t.n * interval '1 second'
         from "Chat" c, unnest($2::text[]) with ordinality t(body, n) where c.id = $1`,
        [chatId, texts],
      );
      await sql(`select index_messages(array(select id from "Message" where "chatId" = $1))`, [chatId]);
      await sql(
        `update "Chat" c set head = (select max(seq) from "Message" m where m."chatId" = c.id) where c.id = $1`,
        [chatId],
      );
    },
    /** A page of the inbox, signed in. */
    async open(sub = "anna", path = "/inbox", options: BrowserContextOptions = {}): Promise<Tab> {
      return await openIn(system.browser, sub, path, options);
    },
    /** The inbox in a browser that records sound. */
    async openWithMicrophone(): Promise<Tab> {
      return await openIn(await system.recordingBrowser(), "anna", "/inbox", {});
    },
  };
}

export const row = (page: Page, { name }: Pick<Customer, "name">, more = "") =>
  page.getByRole("link", { name: new RegExp(`${name}.*${more}`) });

export const composer = (page: Page) => page.getByRole("textbox", { name: /^(Message|Сообщение)$/ });

/** A picture of one pixel. */
export const DOT = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** The tick of a message that has arrived, in either language. */
export const ARRIVED = /^(Delivered|Read|Доставлено|Прочитано), /;

/** Turns the wheel where the mouse is, as often as it takes until this is on the page. */
export async function wheelTo(page: Page, found: Locator, deltaY: number): Promise<void> {
  for (const limit = AbortSignal.timeout(WAIT_MS); (await found.count()) === 0; ) {
    limit.throwIfAborted();
    await page.mouse.wheel(0, deltaY);
    await nextFrame(page);
  }
}

/** What was done until now is painted. */
export async function nextFrame(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

/**
 * What is measured, once it stays the same from frame to frame: a page scrolls on for some after the wheel, and what is loaded meanwhile
 * takes its room.
 */
export async function atRest<Value>(page: Page, measure: () => Promise<Value>): Promise<Value> {
  let value = await measure();
  let stillFor = 0;
  for (const limit = AbortSignal.timeout(WAIT_MS); stillFor < RESTING_FRAMES; ) {
    limit.throwIfAborted();
    await nextFrame(page);
    const now = await measure();
    stillFor = now === value ? stillFor + 1 : 0;
    value = now;
  }
  return value;
}

/** Where the top of this is once it stands still. */
export async function restingPlace(page: Page, target: Locator): Promise<number> {
  return await atRest(page, async () => (await target.boundingBox())?.y ?? Number.NaN);
}

/** Whether the keyboard writes here. */
export const hasFocus = (target: Locator) => target.evaluate((element) => element === document.activeElement);

/** The page's sockets from its next load on, to be closed by a test; `greeted`: how many of all of them the server has answered. */
export async function cuttable(page: Page) {
  const sockets: WebSocketRoute[] = [];
  let greeted = 0;
  // One that the page of before has asked for is none of them.
  await page.goto("about:blank");
  await page.context().routeWebSocket(/\/socket/, (socket) => {
    sockets.push(socket);
    socket.connectToServer().onMessage((frame) => {
      if (String(frame).includes('"type":"hello"')) greeted++;
      socket.send(frame);
    });
  });
  return { sockets, greeted: () => greeted };
}

/**
 * What happens in the chat that the page opens next does not reach it, neither by the chat's socket nor, as it asks after a while without
 * one, by REST. The list goes on.
 */
export async function deafen(page: Page): Promise<void> {
  await page.context().routeWebSocket(/\/chats\/\d+\/socket/, () => undefined);
  await page.route(/\/chats\/\d+\/events\?/, (route) => route.abort());
}

/** Holds the next request to such an address until the test lets it go, or fails it; `asked`: it was made. */
export async function holdRequests(page: Page, address: string | RegExp) {
  const asked = Promise.withResolvers<void>();
  const decided = Promise.withResolvers<"release" | "abort">();
  const done = Promise.withResolvers<void>();
  await page.route(
    address,
    async (route) => {
      asked.resolve();
      // The page may have lost interest meanwhile.
      await ((await decided.promise) === "abort" ? route.abort() : route.fallback()).catch(() => undefined);
      done.resolve();
    },
    { times: 1 },
  );
  const decide = (how: "release" | "abort") => {
    decided.resolve(how);
    return done.promise;
  };
  return { asked: asked.promise, release: () => decide("release"), abort: () => decide("abort") };
}

/** Keeps what the live region of this role says from now on, which is in the page for a moment only. */
export async function listenTo(page: Page, role: "log" | "alert"): Promise<() => Promise<string[]>> {
  return await keepTexts(thread(page).locator(`.hidden-text[role=${role}]`));
}

/** Keeps the texts that a part of the page has from now on, also one that fades before anybody looks. */
export async function keepTexts(part: Locator): Promise<() => Promise<string[]>> {
  const kept = await part.evaluateHandle((element) => {
    const texts: string[] = [];
    const keep = () => element.textContent && texts.push(element.textContent);
    new MutationObserver(keep).observe(element, { characterData: true, childList: true, subtree: true });
    return texts;
  });
  return () => kept.jsonValue();
}

export const thread = (page: Page) => page.getByRole("region", { name: /Messages with|Сообщения: / });

export const bubbles = (page: Page, text: string | RegExp) =>
  thread(page).getByRole("listitem").filter({ hasText: text });

/** Opens a chat from the list, and waits until it can be answered: the one that was open before is gone by then. */
export async function openChat(page: Page, customer: Pick<Customer, "name">): Promise<void> {
  await row(page, customer).click();
  await thread(page).and(page.getByRole("region", customer)).waitFor();
  await composer(page).waitFor();
}

/** Goes on typing into the composer, as people do, until a colleague's page shows it: each sign of it lasts for six seconds only. */
export async function typeUntil(page: Page, shown: Locator): Promise<void> {
  for (const limit = AbortSignal.timeout(WAIT_MS); ; ) {
    limit.throwIfAborted();
    await composer(page).pressSequentially("on and ");
    const isShown = await shown.waitFor({ timeout: 500 }).then(
      () => true,
      () => false,
    );
    if (isShown) return;
  }
}

/** Writes into the composer and sends it. */
export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** Opens the menu of a message and chooses from it. */
export async function choose(page: Page, text: string | RegExp, action: string | RegExp): Promise<void> {
  const bubble = bubbles(page, text).first();
  await bubble.hover();
  await bubble
    .getByRole("button", { name: /Message actions|Действия с сообщением/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: action }).click();
}
