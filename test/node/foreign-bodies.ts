import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Payloads of other projects, which are no part of this one: tests need them beside it, and say how many ran. */
const folder = new URL("../../../shared/fixtures/meta/", import.meta.url);

export type ForeignBody = { name: string; text: string };

/** All webhook bodies there, by name; none when the folder is not there. */
export function foreignBodies(): ForeignBody[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".json"),
  );
  const files = names.sort().map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
  return files.filter(({ text }) => JSON.parse(text)?.object === "whatsapp_business_account");
}

/**
 * The body as if it were for one number of ours, with message ids of its own: examples share them, and of one wamid with
 * two contents the first stays. With `ownPeople` the people in it are its own too.
 */
export function adapted({ name, text }: ForeignBody, phoneNumberId: string, ownPeople: boolean): string {
  const ids = new Set<unknown>();
  const people = new Set<unknown>();
  JSON.parse(text, (_, value) => {
    for (const list of ["messages", "message_echoes", "statuses"]) {
      if (!Array.isArray(value?.[list])) continue;
      for (const item of value[list]) {
        ids.add(item?.id);
        for (const key of ["from", "from_user_id", "to", "to_user_id"]) people.add(item?.[key]);
      }
    }
    for (const key of ["wa_id", "user_id"]) people.add(value?.[key]);
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
