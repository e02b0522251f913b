import { describe, it, onTestFinished } from "vitest";
import { nothingCommitted } from "../../src/db/committed.ts";
import { StoreLog } from "../../src/intake/store-log.ts";
import { aChat, aCustomer } from "../support/build.ts";
import { captureLogs } from "../support/logs.ts";
import { aText, deliver } from "../support/meta.ts";
import { anErrorOf, anEvent } from "./events.ts";

/** The lines logged for batches that end with null (stored) or a SQLSTATE (refused). */
function linesOf(...ends: (string | null)[]): string[] {
  const { lines, stop } = captureLogs();
  const storeLog = new StoreLog();
  for (const end of ends) {
    const errors = [end === null ? null : anErrorOf(end)];
    storeLog.add([anEvent("a")], {
      committed: nothingCommitted,
      errors,
      isUnavailable: false,
      unknownPhones: 0,
    });
  }
  stop();
  return lines.map((line) => line.replace(/^.*WABA: /, ""));
}

describe("the log of what was stored", () => {
  it.for([
    ["25006", "Postgres accepts no writes"],
    ["53100", "Postgres accepts no writes"],
    ["42703", "Database schema does not match this version: is a migration missing?"],
  ] as const)("D7, D11: alerts once about %s, and again when it recurs", ([code, title], { expect }) => {
    const alert = `${title} {"sqlState":"${code}"}`;
    const failed = `Webhook not stored yet {"sqlState":"${code}","error":"Error"}`;
    expect(linesOf(code, code, code)).toEqual([alert, failed, failed, failed]);
    expect(linesOf(code, null, code)).toEqual([alert, failed, alert, failed]);
  });

  it("does not alert about transient failures", ({ expect }) => {
    expect(linesOf("40P01", "57P01")).toEqual([
      expect.stringContaining("not stored yet"),
      expect.stringContaining("not stored yet"),
    ]);
  });

  it("W10: counts events for an unconnected number, without naming the sender", async ({ expect }) => {
    const chat = await aChat();
    const { lines, stop } = captureLogs();
    onTestFinished(stop);
    const customer = aCustomer();
    const texts = ["one", "two"].map((body) => aText({ from: customer, body }));
    await deliver("999000000000001", ...texts);
    await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Ours" }));
    const counted = lines.filter((line) => line.includes("WABA: Event stored"));
    expect(counted).toEqual(['🗂️ WABA: Event stored {"code":"unknown_number","count":2}']);
    expect(lines.filter((line) => line.includes("Incoming message"))).toHaveLength(1);
    expect(lines.join("\n")).not.toContain(customer);
  });
});
