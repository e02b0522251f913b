import { and, asc, eq, sql } from "drizzle-orm";
import { type Db, singleRow } from "./client.ts";
import { organizationPhones } from "./organization-tables.ts";
import { templates } from "./template-tables.ts";

/** A stored template; `components` are Graph's own object, null until it is known. */
export type StoredTemplate = Omit<typeof templates.$inferSelect, "organizationId">;

export type TemplateFilter = {
  status?: string | undefined;
  name?: string | undefined;
  language?: string | undefined;
};
export type TemplatePosition = { name: string; language: string };

/**
 * The organization's templates of an account, by name and language, after a position. An account has a few thousand at most, so
 * a list by status or language may read past the others.
 */
export async function pageOfTemplates(
  db: Db,
  { organizationId, wabaId }: { organizationId: number; wabaId: string },
  { status, name, language }: TemplateFilter,
  after: TemplatePosition | null,
  limit: number,
): Promise<StoredTemplate[]> {
  return await db
    .select()
    .from(templates)
    .where(
      and(
        eq(templates.organizationId, organizationId),
        eq(templates.wabaId, wabaId),
        status === undefined ? undefined : eq(templates.status, status),
        name === undefined ? undefined : eq(templates.name, name),
        language === undefined ? undefined : eq(templates.language, language),
        after
          ? sql`(${templates.name}, ${templates.language}) > (${after.name}, ${after.language})`
          : undefined,
      ),
    )
    .orderBy(asc(templates.name), asc(templates.language))
    .limit(limit);
}

/** A template of the number's account, by our id, or by name and language. Null when there is none. */
export async function findTemplate(
  db: Db,
  organizationId: number,
  organizationPhoneId: number,
  which: { id: number } | { name: string; language: string },
): Promise<StoredTemplate | null> {
  const [row] = await db
    .select({ template: templates })
    .from(templates)
    .innerJoin(organizationPhones, isOfAccount())
    .where(
      and(
        isPhone(organizationId, organizationPhoneId),
        "id" in which
          ? eq(templates.id, which.id)
          : and(eq(templates.name, which.name), eq(templates.language, which.language)),
      ),
    );
  return row?.template ?? null;
}

/** The languages in which the number's account has a template of this name, in alphabetical order. */
export async function languagesOfTemplate(
  db: Db,
  organizationId: number,
  organizationPhoneId: number,
  name: string,
): Promise<string[]> {
  const rows = await db
    .select({ language: templates.language })
    .from(templates)
    .innerJoin(organizationPhones, isOfAccount())
    .where(
      and(
        isPhone(organizationId, organizationPhoneId),
        eq(templates.name, name),
        sql`${templates.status} <> 'DELETED'`,
      ),
    )
    .orderBy(asc(templates.language));
  return rows.map(({ language }) => language);
}

export type OfferedTemplate = { name: string; language: string; category: string | null };

/** Templates for a chat whose customer service window is closed, newest first; no marketing after an opt-out. */
export async function templatesForChat(
  db: Db,
  organizationId: number,
  chatId: number,
  limit: number,
): Promise<OfferedTemplate[]> {
  const { rows } = await db.execute<OfferedTemplate>(sql`
    select t.name, t.language, t.category from "Chat" c
    join "Contact" k on k.id = c."contactId" join "OrganizationPhone" p on p.id = c."organizationPhoneId"
    join "Template" t on t."organizationId" = c."organizationId" and t."wabaId" = p."wabaId"
    where c.id = ${chatId}::int and c."organizationId" = ${organizationId}::int and t.status = 'APPROVED'
      and t.category is distinct from 'AUTHENTICATION' and (k."marketingStoppedAt" is null or t.category is distinct from 'MARKETING')
    order by t."statusAt" desc nulls last, t.id desc limit ${limit}::int`);
  return rows;
}

/** When the customer of a marketing template message opted out of marketing; null for no opt-out or any other message. */
export async function marketingStop(
  db: Db,
  organizationId: number,
  messageId: number,
): Promise<{ chatId: number; stoppedAt: string } | null> {
  const { rows } = await db.execute<{ chatId: number; stoppedAt: string }>(sql`
    select c.id as "chatId", rfc3339(k."marketingStoppedAt") as "stoppedAt" from "Message" m
    join "Chat" c on c.id = m."chatId" join "Contact" k on k.id = c."contactId"
    join "OrganizationPhone" p on p.id = c."organizationPhoneId"
    join "Template" t on t."organizationId" = c."organizationId" and t."wabaId" = p."wabaId" and t.category = 'MARKETING'
      and t.name = m.payload->'template'->>'name' and t.language = m.payload->'template'->'language'->>'code'
    where m.id = ${messageId}::int and c."organizationId" = ${organizationId}::int and m."messageType" = 'template'
      and m."fromMe" and k."marketingStoppedAt" is not null`);
  return rows[0] ?? null;
}

/** A template in Graph's list. */
export type ListedTemplate = {
  metaId: string | null;
  name: string;
  language: string;
  category: string | null;
  parameterFormat: string | null;
  components: unknown;
  status: string;
  quality: string | null;
  reason: string | null;
};

/** Brings an account's templates to Graph's list, requested at `began`; those that are gone become `DELETED`. */
export async function syncTemplates(
  db: Db,
  { organizationId, wabaId }: { organizationId: number; wabaId: string },
  listed: ListedTemplate[],
  began: Date,
): Promise<{ listed: number; gone: number }> {
  const { rows } = await db.execute<{ synced: { listed: number; gone: number } }>(
    sql`select sync_templates(${organizationId}::int, ${wabaId}, ${JSON.stringify(listed)}::json,
      ${began.toISOString()}::timestamptz) as synced`,
  );
  return singleRow(rows).synced;
}

/** Records a template that was just created, changed or deleted at Graph, as a webhook at this time would. */
export async function recordTemplateChange(
  db: Db,
  { organizationId, wabaId }: { organizationId: number; wabaId: string },
  change: { templateId: string | null; name: string; language: string; status?: string; category?: string },
  at: Date,
): Promise<void> {
  await db.execute(sql`select apply_template(${organizationId}::int, ${wabaId}, ${JSON.stringify(change)}::jsonb,
    date_trunc('second', ${at.toISOString()}::timestamptz))`);
}

/** Stores the definition that a template was created with; the next sync replaces it. */
export async function storeDefinition(
  db: Db,
  { organizationId, wabaId }: { organizationId: number; wabaId: string },
  { name, language }: { name: string; language: string },
  definition: { components: unknown; parameterFormat: string | null },
  at: Date,
): Promise<StoredTemplate | null> {
  const { components, parameterFormat } = definition;
  const [row] = await db
    .update(templates)
    .set({ components, componentsAt: at, syncedAt: at, ...(parameterFormat && { parameterFormat }) })
    .where(
      and(
        eq(templates.organizationId, organizationId),
        eq(templates.wabaId, wabaId),
        eq(templates.name, name),
        eq(templates.language, language),
      ),
    )
    .returning();
  return row ?? null;
}

function isPhone(organizationId: number, organizationPhoneId: number) {
  return and(
    eq(organizationPhones.id, organizationPhoneId),
    eq(organizationPhones.organizationId, organizationId),
  );
}

function isOfAccount() {
  return and(
    eq(organizationPhones.wabaId, templates.wabaId),
    eq(organizationPhones.organizationId, templates.organizationId),
  );
}
