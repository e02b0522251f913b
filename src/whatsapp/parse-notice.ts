import type { ParsedNotice, TemplatePatch } from "../domain/parsed-notice.ts";
import { timeOf } from "./json-fields.ts";
import { isObject, type JsonObject } from "./json-text.ts";
import { parseAdminNotice } from "./notices/admin-notice.ts";
import { parseIdentityChanges, parsePreferences } from "./parse-identity.ts";
import { templateEvent } from "./templates/template-event.ts";

/**
 * What a webhook body that holds one change says besides messages and statuses: for the admins, of a template, of what
 * people prefer, and of who they are now. Null when it says nothing of these.
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
  const told = templateEvent({ field, value });
  if (!told) return null;
  // What is only announced is in the notice.
  const { event: _, nextCategory: __, ...word } = told;
  return word;
}

function timeIn({ entry }: JsonObject): unknown {
  const [first] = Array.isArray(entry) ? entry : [];
  return isObject(first) ? first.time : undefined;
}
