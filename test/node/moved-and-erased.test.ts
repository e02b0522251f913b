import { readdir, readFile } from "node:fs/promises";
import { is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { describe, it } from "vitest";

const modules = (await readdir("src/db")).filter((file) => file.endsWith("-tables.ts"));
const exported = await Promise.all(modules.map((file) => import(`../../src/db/${file}`)));
const tables = exported
  .flatMap((module) => Object.values(module))
  .filter((value): value is PgTable => is(value, PgTable))
  .map((table) => getTableConfig(table))
  .map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name) }));

const NOT_ERASED = "tables whose rows src/db/functions/erasure/finish_erasure.sql leaves";

const having = (...names: string[]) =>
  tables.filter(({ columns }) => names.some((name) => columns.includes(name))).map(({ name }) => name);

async function withoutMention(names: string[], files: string[], before = ""): Promise<string[]> {
  const texts = await Promise.all(files.map((file) => readFile(`src/db/functions/${file}.sql`, "utf8")));
  return names.filter((name) => !texts.some((text) => text.includes(`${before}"${name}"`)));
}

// What belongs to a chat or a contact is easily forgotten where two are merged or a person is erased.
describe("every table with rows of a chat", () => {
  const ofChats = having("chatId");

  it("is found", ({ expect }) => {
    expect(ofChats).toEqual(expect.arrayContaining(["Message", "ChatEvent", "ChatNote"]));
  });

  it("moves them when two people turn out to be one, and back when that is undone", async ({ expect }) => {
    for (const name of ["contacts/move_messages", "contacts/restore_messages"])
      expect(
        await withoutMention(ofChats, [name, "notes/move_notes"]),
        `tables whose rows src/db/functions/${name}.sql leaves behind`,
      ).toEqual([]);
  });

  it("loses them when a person is erased", async ({ expect }) => {
    const files = ["erasure/erase_messages", "erasure/finish_erasure"];
    expect(await withoutMention(ofChats, files, "delete from "), NOT_ERASED).toEqual([]);
  });
});

it("every table with rows of a contact loses them when a person is erased", async ({ expect }) => {
  const ofContacts = having("contactId", "mergedContactId");
  expect(ofContacts).toEqual(expect.arrayContaining(["Chat", "ContactName"]));
  expect(await withoutMention(ofContacts, ["erasure/finish_erasure"], "delete from "), NOT_ERASED).toEqual(
    [],
  );
});
