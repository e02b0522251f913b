import type { ContactName } from "../domain/identity-change.ts";
import { isObject } from "./json-text.ts";
import { parseGroups } from "./notices/groups.ts";
import { parseContactSync } from "./parse-identity.ts";

/**
 * Parses the names of people and groups from the value of a webhook field: the address book of the phone's own app, and the
 * subjects of groups. A person removed from the address book keeps the name that we know.
 */
export function parseContactNames(field: string | null, value: unknown): ContactName[] {
  if (field === "smb_app_state_sync") {
    return parseContactSync(value).flatMap(({ phone, userId, name, firstName, action, at }) => {
      const called = name ?? firstName;
      return called && action === "add" ? [{ phone, userId, groupId: null, name: called, at }] : [];
    });
  }
  if (!field?.startsWith("group_") || !isObject(value)) return [];
  const notice = parseGroups(value, null);
  if (notice?.kind !== "group") return [];
  return notice.detail.changes.flatMap(({ groupId, name, at }) =>
    groupId && name && at ? [{ phone: null, userId: null, groupId, name, at }] : [],
  );
}
