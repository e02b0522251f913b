import { describe, it } from "vitest";
import { attachmentTypeOf, exceededLimit } from "../../../src/web/models/attachment.ts";
import {
  formatBytes,
  formatDay,
  formatMoney,
  formatPhone,
  formatTime,
} from "../../../src/web/models/format.ts";
import { parsePhone } from "../../../src/web/models/phone-input.ts";
import { serviceWindowAt } from "../../../src/web/models/service-window.ts";
import { parseToken, tokenInHash } from "../../../src/web/models/session.ts";
import { chooseLanguage, stringsOf } from "../../../src/web/strings/strings.ts";

describe("the texts of the page", () => {
  it("count in Russian (UI-27)", ({ expect }) => {
    const { newMessages } = stringsOf("ru").inbox;
    expect([1, 2, 5, 11, 21, 111].map(newMessages)).toEqual([
      "1 новое сообщение",
      "2 новых сообщения",
      "5 новых сообщений",
      "11 новых сообщений",
      "21 новое сообщение",
      "111 новых сообщений",
    ]);
  });

  it("are those of the agent's choice, or else of the browser", ({ expect }) => {
    expect(chooseLanguage(null, ["kk", "ru-RU", "en"])).toBe("ru");
    expect(chooseLanguage("en", ["ru"])).toBe("en");
    expect(chooseLanguage("xx", ["de-DE"])).toBe("en");
  });

  it.for([
    ["79161234567", "+7 916 123-45-67"],
    ["12025550143", "+1 (202) 555-0143"],
    ["447700900123", "+44 770 090 0123"],
    ["4915112345602", "+49 151 123 456 02"],
    ["971501234505", "+971 501 234 505"],
    ["380501234567", "+380 501 234 567"],
    ["12345", "+1 2345"],
    ["49", "+49"],
  ] as const)("show the phone %s as %s", ([digits, shown], { expect }) => {
    expect(formatPhone(digits)).toBe(shown);
  });

  it.for([
    ["+7 (916) 123-45-67", "79161234567"],
    ["8 916 123-45-67", "79161234567"],
    ["0049 151 1234 5678", "4915112345678"],
    ["12025550143", "12025550143"],
    ["+8 916 123-45-67", "89161234567"],
    ["123", null],
    ["0123456789", null],
    ["+1234567890123456", null],
    ["ring me", null],
  ] as const)("read the phone %s as %s (UI-45)", ([typed, digits], { expect }) => {
    expect(parsePhone(typed)).toBe(digits);
  });

  it("name days", ({ expect }) => {
    const now = new Date(2026, 10, 28, 9);
    const at = (month: number, day: number, year = 2026) => new Date(year, month, day, 23).toISOString();
    expect(formatDay(at(10, 28), now, "ru")).toBe("Сегодня");
    expect(formatDay(at(10, 27), now, "en")).toBe("Yesterday");
    expect(formatDay(at(10, 21), now, "en")).toBe("November 21");
    expect(formatDay(at(10, 21, 2025), now, "en")).toBe("November 21, 2025");
  });

  it("show the time as people write it", ({ expect }) => {
    const at = (hour: number) => new Date(2026, 10, 29, hour, 5).toISOString();
    // CLDR has a narrow no-break space before AM.
    expect([2, 14].map((hour) => formatTime(at(hour), "en").replace(/\s/u, " "))).toEqual([
      "2:05 AM",
      "2:05 PM",
    ]);
    expect([2, 14].map((hour) => formatTime(at(hour), "ru"))).toEqual(["02:05", "14:05"]);
  });

  it.for<[number, string | null, "en" | "ru", string]>([
    [2.5, "EUR", "en", "€2.50"],
    [890, "RUB", "ru", "890 ₽"],
    [1234.5, "RUB", "ru", "1 234,50 ₽"],
    [3000, "JPY", "en", "¥3,000"],
    [1.234, "KWD", "en", "KWD 1.234"],
    [0.125, "USD", "en", "$0.125"],
    [4, null, "en", "4"],
    [4, "points", "en", "4"],
  ])(
    "show %s of %s in %s as its currency is written",
    ([amount, currency, language, expected], { expect }) => {
      expect(formatMoney(amount, currency, language).replaceAll(/\s/gu, " ")).toBe(expected);
    },
  );

  it("show sizes", ({ expect }) => {
    expect([0, 999, 1_400_000].map((bytes) => formatBytes(bytes, "en"))).toEqual([
      "0 bytes",
      "999 bytes",
      "1.4 MB",
    ]);
  });
});

describe("the customer service window (UI-08)", () => {
  const now = Date.parse("2026-11-28T12:00:00.000Z");
  const windowWith = (ms: number) => serviceWindowAt(new Date(now + ms).toISOString(), now);

  it.for([
    [3 * 3_600_000, "calm"],
    [2 * 3_600_000, "soon"],
    [15 * 60_000, "last"],
    [1, "last"],
  ] as const)("with %i ms left is %s", ([ms, urgency], { expect }) => {
    expect(windowWith(ms)).toMatchObject({ kind: "open", urgency });
  });

  it("is closed at its end, and unknown while the customer has not written", ({ expect }) => {
    expect(windowWith(0)).toEqual({ kind: "closed" });
    expect(serviceWindowAt(null, now)).toEqual({ kind: "unknown" });
  });
});

describe("attachments (UI-13)", () => {
  it("are what WhatsApp shows, or else documents, within its limits", ({ expect }) => {
    expect(["image/png", "image/webp", "video/mp4", "audio/ogg", ""].map(attachmentTypeOf)).toEqual([
      "image",
      "document",
      "video",
      "audio",
      "document",
    ]);
    expect(exceededLimit({ type: "image/jpeg", size: 6_000_000 })).toBe(5_000_000);
    expect(exceededLimit({ type: "application/pdf", size: 6_000_000 })).toBeNull();
  });
});

describe("a token (UI-44)", () => {
  const encode = (value: object) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const token = `${encode({ alg: "HS256" })}.${encode({ sub: "anna", organizationId: 1, exp: 10 })}.c2ln`;

  it("is read with what people paste around it", ({ expect }) => {
    expect(parseToken(`  Bearer ${token}\n`)).toMatchObject({
      token,
      sub: "anna",
      name: "anna",
      expiresAtMs: 10_000,
    });
    expect(parseToken("EAAx")).toBeNull();
    expect(parseToken(`${encode({})}.${encode({ sub: "anna" })}.c2ln`)).toBeNull();
    expect(tokenInHash(`#token=${token}`)).toBe(token);
    expect(tokenInHash("#a")).toBeNull();
  });
});
