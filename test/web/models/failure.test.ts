import { describe, it } from "vitest";
import { type FailureReason, failureReasons } from "../../../src/domain/failure-reason.ts";
import { failureActions, failureTexts } from "../../../src/web/models/failure.ts";

const reasons = Object.keys(failureReasons) as FailureReason[];
const errorOf = (code: string, metaCode: number | null = null) => ({
  code,
  title: `title of ${code}`,
  advice: `advice of ${code}`,
  metaCode,
  detail: null,
  fbtraceId: null,
});

describe("a message that did not arrive (UI-07)", () => {
  it("says why and what to do in Russian too, in words that fit a bubble", ({ expect }) => {
    expect(reasons.length).toBeGreaterThan(60);
    for (const code of reasons) {
      const { title, advice } = failureTexts(errorOf(code), "ru");
      expect(title, code).toMatch(/^[^a-z].*[А-яё]/);
      expect(title.length, title).toBeLessThan(70);
      expect(advice, code).toMatch(/[А-яё].*\.$/);
      // A letter of the other alphabet that looks the same cannot be searched for, and is read aloud as another.
      expect(`${title} ${advice}`, code).not.toMatch(/[a-z][а-яё]|[а-яё][a-z]/i);
      expect(failureTexts(errorOf(code), "en")).toMatchObject({ title: `title of ${code}` });
    }
    expect(failureTexts(errorOf("other", 999), "ru").title).toBe("Ошибка Meta 999");
    // "constructor" is a property of every object.
    for (const code of ["of_a_newer_server", "resent", "constructor"])
      expect(failureTexts(errorOf(code), "ru").title).toBe(`title of ${code}`);
  });

  it("offers only what helps", ({ expect }) => {
    const offered = (code: string) => failureActions({ status: "failed", error: errorOf(code) });
    const by = (action: string) => reasons.filter((code) => offered(code).join() === action);
    expect(by("template")).toEqual(reasons.filter((code) => failureReasons[code].retry === "template"));
    expect(by("template")).toContain("customer_has_not_written");
    expect(by("resend")).toContain("file_not_accepted");
    const hopeless = ["undeliverable", "marketing_opted_out", "not_confirmed", "resent"];
    for (const code of [...hopeless, "unheard_of", "constructor"]) expect(offered(code), code).toEqual([]);
    expect(failureActions({ status: "unconfirmed", error: null })).toEqual(["resend", "discard"]);
    expect(failureActions({ status: "unconfirmed", error: errorOf("discarded") })).toEqual([]);
    expect(failureActions({ status: "delivered", error: null })).toEqual([]);
  });
});
