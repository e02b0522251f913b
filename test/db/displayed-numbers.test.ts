import { describe, it } from "vitest";
import { DisplayedNumbers } from "../../src/db/displayed-numbers.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";

const pair = (phoneNumberId: string | null, displayPhoneNumber: string | null) =>
  ({ phoneNumberId, displayPhoneNumber }) as InboundEvent;
const one = { phoneNumberId: "1", displayPhoneNumber: "79001234567" };
const two = { phoneNumberId: "2", displayPhoneNumber: "79001234567" };
const events = [pair("1", "79001234567"), pair("1", "79001234567"), pair("2", "79001234567")];

describe("the displayed numbers of a batch", () => {
  it("are its pairs, each once, without what names no number", ({ expect }) => {
    const numbers = new DisplayedNumbers();
    expect(numbers.unstored([...events, pair(null, "79001234567"), pair("3", null)], 0)).toEqual([one, two]);
  });

  it("are stored again a minute later, or when their transaction failed", ({ expect }) => {
    const numbers = new DisplayedNumbers();
    expect(numbers.unstored(events, 0)).toEqual([one, two]);
    expect(numbers.unstored(events, 1)).toEqual([one, two]);
    numbers.stored([one], 1_000);
    expect(numbers.unstored(events, 60_999)).toEqual([two]);
    expect(numbers.unstored(events, 61_000)).toEqual([one, two]);
  });

  it("are stored at once when Meta displays another", ({ expect }) => {
    const numbers = new DisplayedNumbers();
    numbers.stored([one], 0);
    const renamed = { ...one, displayPhoneNumber: "79007654321" };
    expect(numbers.unstored([pair("1", "79007654321")], 1)).toEqual([renamed]);
  });

  it("are never forgotten wrongly when there are very many", ({ expect }) => {
    const numbers = new DisplayedNumbers();
    const many = Array.from({ length: 10_000 }, (_, n) => ({ ...one, phoneNumberId: `${n + 10}` }));
    numbers.stored(many, 0);
    numbers.stored([one], 0);
    expect(numbers.unstored(events, 1)).toEqual([two]);
    expect(numbers.unstored([pair("10", "79001234567")], 1)).toHaveLength(1);
  });
});
