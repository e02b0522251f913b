import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Payloads of other projects, which are no part of this one: tests need them beside it, and say how many ran. */
const folder = new URL("../../../shared/fixtures/meta/", import.meta.url);

export type ForeignBody = { name: string; text: string };

/** Which keys of an item name somebody. */
const PEOPLE = ["from", "from_user_id", "from_parent_user_id", "to", "to_user_id", "to_parent_user_id"];

/** All payloads there, by name; none when the folder is not there. */
export function foreignFiles(): ForeignBody[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".json"),
  );
  return names.sort().map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
}

/** The webhook bodies among them. */
export function foreignBodies(): ForeignBody[] {
  return foreignFiles().filter(({ text }) => JSON.parse(text)?.object === "whatsapp_business_account");
}

/**
 * The body as if it were for one number of ours, with message ids of its own: examples share them, and of one wamid with
 * two contents the first stays. With `ownPeople` the people in it are its own too.
 */
export function adapted({ name, text }: ForeignBody, phoneNumberId: string, ownPeople: boolean): string {
  const ids = new Set<unknown>();
  const people = new Set<unknown>();
  JSON.parse(text, (_, value) => {
    for (const list of ["messages", "message_echoes", "statuses", "calls"]) {
      if (!Array.isArray(value?.[list])) continue;
      for (const item of value[list]) {
        ids.add(item?.id);
        for (const key of PEOPLE) people.add(item?.[key]);
      }
    }
    for (const key of ["wa_id", "user_id", "parent_user_id"]) people.add(value?.[key]);
    return value;
  });
  return JSON.stringify(
    JSON.parse(text, (key, value) => {
      if (key === "phone_number_id") return phoneNumberId;
      if (typeof value !== "string") return value;
      if (ids.has(value) || /^wamid\./.test(value)) return `${value}/${name}`;
      return ownPeople && people.has(value) && key !== "display_phone_number" ? `${value}/${name}` : value;
    }),
  );
}
