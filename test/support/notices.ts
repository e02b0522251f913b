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
export type Telling = { field: string; value: Record<string, unknown>; at?: Date };

/** A webhook body of Meta's that tells of an account. */
function tellingBody(wabaId: string, { field, value, at }: Telling): string {
  const time = at && { time: Math.floor(at.getTime() / 1000) };
  const entry = [{ id: wabaId, ...time, changes: [{ field, value }] }];
  return JSON.stringify({ object: "whatsapp_business_account", entry });
}

/** What the Worker makes of it. */
export function eventsOfTelling(ground: Ground, telling: Telling): InboundEvent[] {
  return flatten(new TextEncoder().encode(tellingBody(wabaOf(ground), telling)));
}

/** Stores tellings one after the other. */
export async function tellNotice(ground: Ground, ...tellings: Telling[]): Promise<void> {
  for (const telling of tellings) await ingest(db, eventsOfTelling(ground, telling));
}

/** Posts it as Meta does, and wants the 200. */
export async function deliverNotice(ground: Ground, telling: Telling): Promise<void> {
  const answer = await post(tellingBody(wabaOf(ground), telling));
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

export async function keptOfAccount(ground: Ground) {
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

/** What a webhook tells of the template `order_ready`. */
export const aTemplateWord = {
  status: (event: string, at: Date, more: Record<string, unknown> = {}): Telling => ({
    field: "message_template_status_update",
    value: { ...NAME, event, reason: "NONE", ...more },
    at,
  }),
  quality: (score: string, at: Date): Telling => ({
    field: "message_template_quality_update",
    value: { ...NAME, previous_quality_score: "UNKNOWN", new_quality_score: score },
    at,
  }),
  category: (category: string, at: Date): Telling => ({
    field: "template_category_update",
    value: { ...NAME, previous_category: "UTILITY", new_category: category },
    at,
  }),
  texts: (body: string, at: Date): Telling => ({
    field: "message_template_components_update",
    value: { ...NAME, message_template_element: body, message_template_footer: "Bye" },
    at,
  }),
};

/** What a person wants of us, by all that Meta names. */
export function aPreference(
  who: { phone?: string; userId?: string },
  value: "stop" | "resume",
  at: Date,
): Telling {
  const timestamp = Math.floor(at.getTime() / 1000);
  const person = { ...(who.phone && { wa_id: who.phone }), ...(who.userId && { user_id: who.userId }) };
  const said = { ...person, detail: "User requested", category: "marketing_messages", value, timestamp };
  return { field: "user_preferences", value: { messaging_product: "whatsapp", user_preferences: [said] } };
}
