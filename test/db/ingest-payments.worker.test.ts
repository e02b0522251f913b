import fc from "fast-check";
import { describe, it } from "vitest";
import { findChat } from "../../src/db/chats.ts";
import { ingest } from "../../src/db/ingest.ts";
import { findMessage } from "../../src/db/messages.ts";
import { watchChat } from "../../src/db/watching.ts";
import { aCustomer, anOrganization, db, type Ground } from "../support/build.ts";
import { aStatus, aWamid, type Item } from "../support/meta.ts";
import { anItem, chatOf, eventsOf, ingestItems, messageOf, statusesOf } from "../support/stored.ts";

const NOON = new Date("2026-05-01T12:00:00Z");
const later = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);

type Report = [status: string, seconds: number, transaction?: string];

function aPayment(wamid: string, [status, seconds, id = "t-1"]: Report): Item {
  const amount = { value: 21000, offset: 100 };
  const payment = {
    reference_id: "order-17",
    amount,
    currency: "INR",
    transaction: { id, type: "razorpay" },
  };
  return aStatus(wamid, status, { at: later(seconds), type: "payment", payment });
}

/** An order that was sent from the phone's own app. */
async function anOrder(): Promise<{ ground: Ground; wamid: string; order: Item }> {
  const ground = await anOrganization();
  const wamid = aWamid();
  const content = {
    type: "order_details",
    body: { text: "Your order" },
    action: {
      name: "review_and_pay",
      parameters: { currency: "INR", total_amount: { value: 21000, offset: 100 } },
    },
  };
  return { ground, wamid, order: anItem("interactive", content, { to: aCustomer(), wamid, at: later(0) }) };
}

const BODY = "Your order\n🧾 210.00 INR";

const lives: [name: string, reports: Report[], state: string | null, text: string | null][] = [
  ["paid", [["captured", 5]], "paid", "💳 paid, 210.00 INR"],
  [
    "pending and then paid",
    [
      ["pending", 3],
      ["captured", 5],
    ],
    "paid",
    "💳 paid, 210.00 INR",
  ],
  [
    "paid within the second in which it was pending",
    [
      ["pending", 5],
      ["captured", 5],
    ],
    "paid",
    "💳 paid, 210.00 INR",
  ],
  [
    "paid, and pending again by a late report",
    [
      ["captured", 5],
      ["pending", 9],
    ],
    "paid",
    "💳 paid, 210.00 INR",
  ],
  [
    "refused at first",
    [
      ["failed", 3],
      ["captured", 9, "t-2"],
    ],
    "paid",
    "💳 paid, 210.00 INR",
  ],
  [
    "refused twice",
    [
      ["failed", 3],
      ["pending", 5],
      ["failed", 9, "t-2"],
    ],
    "failed",
    "💳 payment failed, 210.00 INR",
  ],
  [
    "tried again",
    [
      ["failed", 3],
      ["pending", 5, "t-2"],
    ],
    "pending",
    "💳 payment pending, 210.00 INR",
  ],
  [
    "paid and paid back",
    [
      ["captured", 5],
      ["refunded", 99],
    ],
    "refunded",
    "💳 refunded, 210.00 INR",
  ],
  [
    "paid and then failed",
    [
      ["captured", 5],
      ["failed", 99],
    ],
    "failed",
    "💳 payment failed, 210.00 INR",
  ],
];

describe("an order", () => {
  it.for(lives)(
    "that is %s says so in every order and repetition",
    async ([, reports, state, text], { expect }) => {
      const before = fc.boolean();
      const shuffled = fc.shuffledSubarray([...reports, ...reports], { minLength: reports.length * 2 });
      await fc.assert(
        fc.asyncProperty(shuffled, before, async (order, isEarly) => {
          const { ground, wamid, order: item } = await anOrder();
          if (!isEarly) await ingestItems(ground, item);
          for (const report of order) await ingestItems(ground, aPayment(wamid, report));
          if (isEarly) await ingestItems(ground, item);
          const { id, status, payment, body } = await messageOf(ground, wamid);
          expect([status, payment?.state, body]).toEqual(["sent", state, BODY]);
          expect(await findMessage(db, ground.organizationId, id)).toMatchObject({
            body: `${text}\n${BODY}`,
            payment: { state, amount: "210.00", currency: "INR", referenceId: "order-17" },
          });
          expect(await statusesOf(ground)).toHaveLength(reports.length);
        }),
        { numRuns: 6 },
      );
    },
  );

  it("that is paid shows it in the list and in the published event, and its transaction", async ({
    expect,
  }) => {
    const { ground, wamid, order } = await anOrder();
    await ingestItems(ground, order);
    const { id: chatId } = await chatOf(ground);
    const { id } = await messageOf(ground, wamid);
    await watchChat(db, chatId, new Date(Date.now() + 60_000));
    const { events } = await ingest(db, eventsOf(ground, aPayment(wamid, ["captured", 5])));
    const shown = {
      id,
      body: `💳 paid, 210.00 INR\n${BODY}`,
      payment: { transactionId: "t-1", provider: "razorpay" },
    };
    expect(events).toMatchObject([{ event: "message.updated", message: shown }]);
    const chat = await findChat(db, { id: chatId, organizationId: ground.organizationId });
    expect(chat?.lastMessage).toMatchObject(shown);
  });
});
