import { describe, it } from "vitest";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { again, bytesOf, lostOf } from "../whatsapp/fixtures.ts";
import { foreignBodies } from "./foreign-bodies.ts";

const bodies = foreignBodies();
console.info(`Webhook bodies of other projects: ${bodies.length}`);

/** What cannot be read, with the reason; anything else that cannot be is a mistake of ours. */
const broken: Record<string, string> = {
  "david-lev-pywa/template_components_update__element.json": "its entries stand in an object of their own",
  "dogalyir-whatsapp-cloud-api-types/messages__payload-2.json": "in place of the time stands a word",
};

describe.skipIf(bodies.length === 0)("a webhook body that another project has seen", () => {
  it.for(bodies)("is read without loss, and can be replayed: $name", ({ name, text }, { expect }) => {
    const events = flatten(bytesOf(text));
    expect(events.filter(({ kind }) => kind !== "notice").length + unreadable(events).length).toBe(
      countItems(text),
    );
    expect(lostOf(text, events)).toEqual([]);
    for (const event of events) expect(again(event)).toEqual([event]);
    const unread = events.filter((event) => event.kind === "notice" && event.reason !== null);
    expect(unread).toHaveLength(Object.hasOwn(broken, name) ? 1 : 0);
  });

  it("has a content that we know, where it is a message", ({ expect }) => {
    const messages = bodies.flatMap(({ text }) =>
      flatten(bytesOf(text)).flatMap((event) => (event.kind === "message" ? [event] : [])),
    );
    const types = messages.map(({ content }) => JSON.parse(content ?? "{}").type);
    expect(types).not.toContain("other");
    expect(types).not.toContain(undefined);
  });
});

function unreadable(events: ReturnType<typeof flatten>) {
  return events.filter((event) => event.kind === "notice" && event.reason === "unreadable_item");
}

/** Counted by a search in the text's own structure, so that a mistake of the reader's is not repeated here. */
function countItems(text: string): number {
  let count = 0;
  JSON.parse(text, (_, value) => {
    if (!/^(?:messages|smb_message_echoes|calls)$/.test(value?.field ?? "")) return value;
    for (const list of ["messages", "message_echoes", "statuses", "calls"])
      count += value.value?.[list]?.length ?? 0;
    return value;
  });
  return count;
}
