import { asc, eq } from "drizzle-orm";
import { ingest } from "../../src/db/ingest.ts";
import { notices } from "../../src/db/notice-tables.ts";
import { organizationPhones } from "../../src/db/organization-tables.ts";
import { templates } from "../../src/db/template-tables.ts";
import { webhookEvents } from "../../src/db/webhook-tables.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { flatten } from "../../src/whatsapp/flatten.ts";
import { db, type Ground, wabaOf } from "./build.ts";
import { post } from "./meta.ts";

/** One change that is neither a message nor a status. */
export type NoticeChange = { field: string; value: Record<string, unknown>; at?: Date };

/** A webhook body of Meta's about an account. */
function noticeBody(wabaId: string, { field, value, at }: NoticeChange): string {
  const time = at && { time: Math.floor(at.getTime() / 1000) };
  const entry = [{ id: wabaId, ...time, changes: [{ field, value }] }];
  return JSON.stringify({ object: "whatsapp_business_account", entry });
}

/** What the Worker makes of it. */
export function eventsOfNotice(ground: Ground, change: NoticeChange): InboundEvent[] {
  return flatten(new TextEncoder().encode(noticeBody(wabaOf(ground), change)));
}

/** Stores changes one after the other. */
export async function ingestNotice(ground: Ground, ...changes: NoticeChange[]): Promise<void> {
  for (const change of changes) await ingest(db, eventsOfNotice(ground, change));
}

/** Posts it as Meta does, and wants the 200. */
export async function deliverNotice(ground: Ground, change: NoticeChange): Promise<void> {
  const answer = await post(noticeBody(wabaOf(ground), change));
  if (answer.status !== 200) throw new Error(`the webhook answered ${answer.status}`);
}

export async function noticesOf({ organizationId }: Pick<Ground, "organizationId">) {
  return await db
    .select()
    .from(notices)
    .where(eq(notices.organizationId, organizationId))
    .orderBy(asc(notices.id));
}

export async function templatesOf({ organizationId }: Pick<Ground, "organizationId">) {
  return await db
    .select()
    .from(templates)
    .where(eq(templates.organizationId, organizationId))
    .orderBy(asc(templates.name), asc(templates.language));
}

export async function numberOf({ organizationPhoneId }: Pick<Ground, "organizationPhoneId">) {
  const [row] = await db
    .select()
    .from(organizationPhones)
    .where(eq(organizationPhones.id, organizationPhoneId));
  if (!row) throw new Error(`there is no number ${organizationPhoneId}`);
  return row;
}

export async function accountEventsOf(ground: Ground) {
  return await db
    .select()
    .from(webhookEvents)
    .where(eq(webhookEvents.wabaId, wabaOf(ground)))
    .orderBy(asc(webhookEvents.id));
}

const NAME = {
  message_template_id: 5_944_254_792,
  message_template_name: "order_ready",
  message_template_language: "en",
};

/** Webhooks about the template `order_ready`. */
export const aTemplateNotice = {
  status: (event: string, at: Date, more: Record<string, unknown> = {}): NoticeChange => ({
    field: "message_template_status_update",
    value: { ...NAME, event, reason: "NONE", ...more },
    at,
  }),
  quality: (score: string, at: Date): NoticeChange => ({
    field: "message_template_quality_update",
    value: { ...NAME, previous_quality_score: "UNKNOWN", new_quality_score: score },
    at,
  }),
  category: (category: string, at: Date): NoticeChange => ({
    field: "template_category_update",
    value: { ...NAME, previous_category: "UTILITY", new_category: category },
    at,
  }),
  texts: (body: string, at: Date): NoticeChange => ({
    field: "message_template_components_update",
    value: { ...NAME, message_template_element: body, message_template_footer: "Bye" },
    at,
  }),
};

/** What a person wants of us, by all that Meta names. */
export function aPreference(
  who: { phone?: string; userId?: string },
  value: "stop" | "resume" | "signup",
  at: Date,
  more: object = {},
): NoticeChange {
  const timestamp = Math.floor(at.getTime() / 1000);
  const person = { ...(who.phone && { wa_id: who.phone }), ...(who.userId && { user_id: who.userId }) };
  const preference = {
    ...person,
    detail: "User requested",
    category: "marketing_messages",
    value,
    timestamp,
    ...more,
  };
  return {
    field: "user_preferences",
    value: { messaging_product: "whatsapp", user_preferences: [preference] },
  };
}
