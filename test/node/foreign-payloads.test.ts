import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { again, lostOf } from "../whatsapp/fixtures.ts";

/** Payloads of other projects, which are no part of this one: the tests need them beside it, and say how many ran. */
const folder = new URL("../../../shared/fixtures/meta/", import.meta.url);
const bodies = existsSync(folder) ? readBodies() : [];
console.info(`Webhook bodies of other projects: ${bodies.length}`);

describe.skipIf(bodies.length === 0)("a webhook body that another project has seen", () => {
  it.for(bodies)("is read without loss, and can be replayed: $name", ({ name, text }, { expect }) => {
    const bytes = readFileSync(new URL(name, folder));
    const events = flatten(bytes);
    expect(events.filter(({ kind }) => kind !== "notice").length + unreadable(events).length).toBe(
      countItems(text),
    );
    expect(lostOf(text, events)).toEqual([]);
    for (const event of events) expect(again(event)).toEqual([event]);
    for (const event of unreadable(events)) console.info(`${name}: unreadable ${event.source}`);
  });
});

function unreadable(events: ReturnType<typeof flatten>) {
  return events.filter((event) => event.kind === "notice" && event.reason === "unreadable_item");
}

/** Counted by a search in the text's own structure, so that a mistake of the reader's is not repeated here. */
function countItems(text: string): number {
  let count = 0;
  JSON.parse(text, (_, value) => {
    if (!/^(?:messages|smb_message_echoes)$/.test(value?.field ?? "")) return value;
    for (const list of ["messages", "message_echoes", "statuses"]) count += value.value?.[list]?.length ?? 0;
    return value;
  });
  return count;
}

function readBodies(): { name: string; text: string }[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".json"),
  );
  const files = names.sort().map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
  return files.filter(({ text }) => JSON.parse(text)?.object === "whatsapp_business_account");
}
