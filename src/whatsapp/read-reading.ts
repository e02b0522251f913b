import type { NoticeReading, TemplateWord } from "../domain/notice-reading.ts";
import { isObject, type JsonObject, timeOf } from "./json-text.ts";
import { readNotice } from "./notices/read-notice.ts";
import { readIdentityChanges, readPreferences } from "./read-identity.ts";
import { templateEvent } from "./templates/template-event.ts";

/**
 * What a webhook body that holds one change says besides messages and statuses: for the admins, of a template, of what
 * people prefer, and of who they are now. Null when it says nothing of these.
 */
export function readingOf(field: string | null, value: unknown, body: JsonObject): NoticeReading | null {
  if (field === null) return null;
  const time = timeIn(body);
  const notice = readNotice(field, value, time);
  const template = templateWord(field, value);
  const preferences = field === "user_preferences" ? readPreferences(value) : [];
  const identityChanges = field === "user_id_update" ? readIdentityChanges(value) : [];
  if (!notice && !template && preferences.length === 0 && identityChanges.length === 0) return null;
  return { at: timeOf(time) ?? notice?.at ?? null, notice, template, preferences, identityChanges };
}

function templateWord(field: string, value: unknown): TemplateWord | null {
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
