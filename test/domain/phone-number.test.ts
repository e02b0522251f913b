import { describe, it } from "vitest";
import { maskPhone, parseRecipient, showPhone } from "../../src/domain/phone-number.ts";

describe("a typed recipient", () => {
  it.for([
    ["79161234567", "79161234567"],
    ["+7 (916) 123-45-67", "79161234567"],
    [" +7\u00a0916.123.45.67 ", "79161234567"],
    ["+1–415–555–2671", "14155552671"],
    ["123456789012345", "123456789012345"],
    ["12345", "12345"],
  ])("%j is the phone %s", ([typed, phone], { expect }) => {
    expect(parseRecipient(typed ?? "")).toEqual({ phone, userId: null });
  });

  it.for(["US.13491208655302741918", "US.ENT.11815799212886844830", "RU.aB1"])(
    "%s is a user id, verbatim",
    (userId, { expect }) => {
      expect(parseRecipient(userId)).toEqual({ phone: null, userId });
    },
  );

  it.for([
    "",
    "+",
    "1234",
    "1234567890123456",
    "89a61234567",
    "0049301234567",
    "7916+1234567",
    "us.1349",
    "US.",
    "US.a-b",
    "٧٩١٦١٢٣٤٥٦٧",
  ])("%j is nobody", (typed, { expect }) => {
    expect(parseRecipient(typed)).toBeNull();
  });
});

describe("a phone in a log", () => {
  it.for([
    ["79161234567", "7916•••4567"],
    ["1234567890", "•••"],
    ["12345", "•••"],
    ["US.13491208655302741918", "US.•••1918"],
    ["US.1349120", "US.•••"],
  ])("%s is shown as %s", ([phone, masked], { expect }) => {
    expect(maskPhone(phone ?? "")).toBe(masked);
  });
});

describe("a phone on the page", () => {
  it.for([
    ["79161234567", "+7 916 123 45 67"],
    ["99999999999", "+99999999999"],
    ["US.1349", "US.1349"],
  ])("%s is shown as %s", ([phone, shown], { expect }) => {
    expect(showPhone(phone ?? "")).toBe(shown);
  });
});
