import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { type MessageRow, toMessage } from "../../src/db/rows.ts";
import type { FailureReason } from "../../src/domain/failure-reason.ts";
import { advice, titles } from "../../src/whatsapp/graph-error-texts.ts";
import { explain, explainNamed, graphErrorCodes } from "../../src/whatsapp/graph-errors.ts";
import { tableOf } from "./markdown.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const rows = Object.entries(graphErrorCodes) as [FailureReason, Parameters<typeof spell>[0]][];

describe("the page of Meta's errors", () => {
  it("is the table of the code", ({ expect }) => {
    const known = rows.map(([name, codes]) => {
      const { title, owner, advice, retry } = explainNamed(name);
      return [`\`${name}\``, spell(codes), title, owner, advice, `\`${retry}\``];
    });
    expect(known.length).toBeGreaterThan(50);
    expect(tableOf(read("docs/meta-errors.md"))).toEqual(known);
  });
});

describe("the database's text for a window that is closed, or open by our own count", () => {
  it.for([
    [true, false, "window_closed"],
    [true, true, "window_not_counted"],
    [false, true, "window_not_counted"],
  ] as const)("equals that of the code: %s, %s", ([isAfterInbound, isWithinWindow, code], { expect }) => {
    const silent = { code: "customer_has_not_written", title: "", advice: "" };
    // Of a row it looks at nothing else.
    const at = "2026-11-28 12:00:00+00";
    const times = { createdAt: at, receivedAt: at, editedAt: null, revokedAt: null };
    const row = {
      error: silent,
      isAfterInbound,
      isWithinWindow,
      reactions: [],
      ...times,
    } as unknown as MessageRow;
    expect(toMessage(row).error).toEqual({
      code,
      title: titles[code],
      advice: advice[code],
    });
  });
});

/** A reference of ours that is no part of the project: it is read where it lies beside it. */
const reference = new URL("../../../shared/reference/cloud-api.md", import.meta.url);

describe.skipIf(!existsSync(reference))("a code of the reference", () => {
  const section = existsSync(reference)
    ? (readFileSync(reference, "utf8").split("## f. Errors")[1]?.split("\n## ")[0] ?? "")
    : "";
  const codes = tableOf(section).flatMap(([cell = ""]) => codesOf(cell));
  console.info(`Codes of the reference: ${codes.length}`);

  it("is known", ({ expect }) => {
    expect(codes.length).toBeGreaterThan(70);
    expect(codes.filter((code) => explain(code).name === "other")).toEqual([]);
  });
});

function spell(codes: readonly (number | readonly [number, number])[]): string {
  return codes.map((one) => (typeof one === "number" ? one : `${one[0]}–${one[1]}`)).join(", ");
}

/** The codes in a cell such as "3, 10, 200–299", "134100–134102", "2388xxx", "2593107–09", "133015(wait 5 min)". */
function codesOf(cell: string): number[] {
  const plain = cell
    .replaceAll(/\([^)]*\)/g, (inside) => /\d{6}/.exec(inside)?.[0] ?? "")
    .replaceAll("xxx", "000");
  return [...plain.matchAll(/(\d+)(?:–(\d+))?/g)].flatMap(([, first = "", last]) => {
    if (!last) return [Number(first)];
    return [Number(first), Number(first.slice(0, first.length - last.length) + last)];
  });
}
