import { describe, it } from "vitest";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { again, bytesOf, lostOf } from "../whatsapp/fixtures.ts";
import { foreignBodies } from "./foreign-bodies.ts";

const bodies = foreignBodies();
console.info(`Webhook bodies of other projects: ${bodies.length}`);

describe.skipIf(bodies.length === 0)("a webhook body that another project has seen", () => {
  it.for(bodies)("is read without loss, and can be replayed: $name", ({ name, text }, { expect }) => {
    const events = flatten(bytesOf(text));
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
