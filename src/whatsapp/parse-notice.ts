import type { ParsedNotice, TemplatePatch } from "../domain/parsed-notice.ts";
import { timeOf } from "./json-fields.ts";
import { isObject, type JsonObject } from "./json-text.ts";
import { parseAdminNotice } from "./notices/admin-notice.ts";
import { parseIdentityChanges, parsePreferences } from "./parse-identity.ts";
import { templateEvent } from "./templates/template-event.ts";

/**
 * Parses what a webhook body with one change contains besides messages and statuses: a notice for the admins, a template
 * patch, customers' preferences and changed identities. Null when it has none of these.
 */
export function parseNotice(field: string | null, value: unknown, body: JsonObject): ParsedNotice | null {
  if (field === null) return null;
  const time = timeIn(body);
  const notice = parseAdminNotice(field, value, time);
  const template = templatePatch(field, value);
  const preferences = field === "user_preferences" ? parsePreferences(value) : [];
  const identityChanges = field === "user_id_update" ? parseIdentityChanges(value) : [];
  if (!notice && !template && preferences.length === 0 && identityChanges.length === 0) return null;
  return { at: timeOf(time) ?? notice?.at ?? null, notice, template, preferences, identityChanges };
}

function templatePatch(field: string, value: unknown): TemplatePatch | null {
  const event = templateEvent({ field, value });
  if (!event) return null;
  // A change that is only announced is in the notice.
  const { event: _, nextCategory: __, ...patch } = event;
  return patch;
}

function timeIn({ entry }: JsonObject): unknown {
  const [first] = Array.isArray(entry) ? entry : [];
  return isObject(first) ? first.time : undefined;
}
