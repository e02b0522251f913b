import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { withClient } from "./with-client.ts";

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

const LONGEST_WAIT_MS = 30_000;

type Content = Record<string, unknown>;
/** How many seconds ago, and what was said: by the customer a text or Meta's object, by the business a text. */
type Line = { ago: number } & ({ customer: string | Content } | { business: string });
type Person = { key: string; name: string; username?: string; lines: Line[] };

const customer = (ago: number, said: string | Content): Line => ({ ago, customer: said });
const business = (ago: number, said: string): Line => ({ ago, business: said });

/** People of a working day at a small shop; the customer service window of some is nearly over, or over. */
const PEOPLE: Person[] = [
  {
    key: "79161230001",
    name: "Мария Соколова",
    lines: [
      customer(25 * HOUR_S, "Здравствуйте! Вы доставляете в субботу?"),
      business(24.5 * HOUR_S, "Добрый день! Да, с 10 до 18."),
      customer(52 * MINUTE_S, "Отлично. Тогда заказываю *две* коробки, как в прошлый раз"),
      customer(50 * MINUTE_S, {
        type: "order",
        order: {
          catalog_id: "1234567890",
          text: "Как в прошлый раз",
          product_items: [
            { product_retailer_id: "чай-улун", quantity: 2, item_price: 890, currency: "RUB" },
            { product_retailer_id: "мёд-липовый", quantity: 1, item_price: 540, currency: "RUB" },
          ],
        },
      }),
      customer(3 * MINUTE_S, "И ещё вопрос: можно оплатить картой курьеру?"),
    ],
  },
  {
    key: "4915112345602",
    name: "Jonas Weber",
    lines: [
      customer(2 * HOUR_S, "Hi, the parcel came today, but one cup is broken."),
      customer(119 * MINUTE_S, { type: "image", image: { caption: "This one" } }),
      business(110 * MINUTE_S, "I am sorry to hear that! We send you a new one today."),
      customer(96 * MINUTE_S, "That was quick, thank you 🙏"),
    ],
  },
  {
    key: "12025550143",
    name: "Grace Miller",
    lines: [
      customer(26 * MINUTE_S, "Where is order A-12345? The tracking says nothing."),
      customer(12 * MINUTE_S, "Hello?"),
    ],
  },
  {
    key: "5511987650004",
    name: "Ana Souza",
    lines: [
      customer(23 * HOUR_S + 20 * MINUTE_S, "Oi! Can you send the invoice again, please?"),
      business(23 * HOUR_S, "Sure, one moment."),
      customer(22.9 * HOUR_S, {
        type: "location",
        location: {
          latitude: -23.5614,
          longitude: -46.6559,
          name: "Avenida Paulista",
          address: "São Paulo",
        },
      }),
    ],
  },
  {
    key: "971501234505",
    name: "علي حسن",
    lines: [
      customer(5 * HOUR_S, "السلام عليكم، هل المتجر مفتوح اليوم؟"),
      business(4.8 * HOUR_S, "وعليكم السلام، نعم حتى الساعة ٩ مساءً"),
    ],
  },
  {
    key: "US.40817263549102837",
    name: "Robin",
    username: "robin.reads",
    lines: [
      customer(70 * MINUTE_S, "I would rather not share my number. Do you have the *blue* edition of this?"),
      customer(69 * MINUTE_S, { type: "audio", audio: { voice: true } }),
    ],
  },
  {
    key: "33612345607",
    name: "Camille Laurent",
    lines: [
      customer(4 * DAY_S, "Bonjour, the size does not fit. How do I return it?"),
      business(4 * DAY_S - HOUR_S, "Bonjour Camille! You find the form here: https://example.com/returns"),
      customer(3 * DAY_S, "Merci, it is on its way back."),
    ],
  },
  {
    key: "79031230008",
    name: "Игорь Лебедев",
    lines: [
      customer(8 * HOUR_S, { type: "document", document: { filename: "Договор поставки.pdf" } }),
      customer(8 * HOUR_S - MINUTE_S, "Посмотрите, пожалуйста, договор. Если всё хорошо, подпишу сегодня."),
      business(7 * HOUR_S, "Получили, юрист посмотрит до обеда."),
      customer(6 * HOUR_S, "Спасибо, жду"),
    ],
  },
  {
    key: "79261230009",
    name: "Ольга Петрова",
    lines: [
      customer(6.2 * DAY_S, "Добрый день! Оформила заказ на сайте, он пришёл к вам?"),
      business(6.1 * DAY_S, "Да, заказ № 48213 у нас, привезём в среду."),
      customer(4.5 * DAY_S, "Получила, спасибо!"),
      business(4.5 * DAY_S - MINUTE_S, "Рады, что всё в порядке. Приятного чаепития!"),
    ],
  },
];

/**
 * Lets people write to phone 1 over the past days, through the simulator's webhooks as Meta would deliver them. Does nothing when
 * there are chats already, and then returns false.
 */
export async function addDemoChats(databaseUrl: string, simulatorUrl: string): Promise<boolean> {
  if (await withClient(databaseUrl, hasChats)) return false;
  const nowS = Math.floor(Date.now() / 1000);
  const request = async (method: string, path: string, body: Content) => {
    const response = await fetch(`${simulatorUrl}/simulator/customers/${path}`, {
      method,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The demo chats: ${await response.text()}`);
  };
  for (const { key, name, username, lines } of PEOPLE) {
    await request("PUT", key, { name, ...(username && { username }) });
    for (const line of lines) {
      const timestamp = nowS - Math.round(line.ago);
      const text = (body: string) => ({ type: "text", text: { body } });
      if ("business" in line) {
        await request("POST", `${key}/echoes`, { text: { body: line.business }, timestamp });
      } else {
        const said = typeof line.customer === "string" ? text(line.customer) : line.customer;
        await request("POST", `${key}/messages`, { ...said, timestamp });
      }
    }
  }
  await withClient(databaseUrl, arriveInTime);
  return true;
}

/** Waits for the last message, and has each of them arrive when it was written: all would be shown as late. */
async function arriveInTime(client: pg.Client): Promise<void> {
  const expected = PEOPLE.reduce((sum, { lines }) => sum + lines.length, 0);
  const stored = async () => (await client.query(`select count(*)::int n from "Message"`)).rows[0].n;
  for (let waitedMs = 0; (await stored()) < expected; waitedMs += 50) {
    if (waitedMs > LONGEST_WAIT_MS) throw new Error("The demo chats: not all messages were stored.");
    await sleep(50);
  }
  await client.query(`update "Message" set "receivedAt" = "createdAt" where "receivedAt" > "createdAt"`);
}

async function hasChats(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(`select 1 from "Chat" limit 1`);
  return rows.length > 0;
}
