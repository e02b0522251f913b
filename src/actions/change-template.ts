import { findTemplate, recordTemplateChange, type StoredTemplate, storeDefinition } from "../db/templates.ts";
import { AppError } from "../errors.ts";
import { parseListedTemplate } from "../whatsapp/listed-template.ts";
import { askGraph } from "./ask-graph.ts";
import type { ActionContext } from "./context.ts";
import { requireAccount, requireTemplate } from "./require-phone.ts";

type Creation = { name: string; language: string; category: string } & Record<string, unknown>;

/** Has Meta review a new template. Throws `not_found` and what `askGraph` throws. */
export async function createTemplate(
  ctx: ActionContext,
  organizationPhoneId: number,
  creation: Creation,
): Promise<StoredTemplate> {
  const { db, now } = ctx;
  const account = await requireAccount(ctx, organizationPhoneId);
  const at = now();
  const made = await askGraph(ctx, organizationPhoneId, ({ client }) =>
    client.createTemplate(account.wabaId, creation),
  );
  const { name, language } = creation;
  const { id: templateId, status, category } = made;
  const patch = { templateId, name, language, status: status ?? "PENDING" };
  await recordTemplateChange(db, account, { ...patch, category: category ?? creation.category }, at);
  return await readBack(ctx, organizationPhoneId, templateId, { name, language });
}

/** Changes a template at Meta, which then reviews it again. Throws what `createTemplate` does. */
export async function editTemplate(
  ctx: ActionContext,
  organizationPhoneId: number,
  id: number,
  change: Record<string, unknown>,
): Promise<StoredTemplate> {
  const template = await requireTemplate(ctx, organizationPhoneId, id);
  const metaId = requireMetaId(template);
  await askGraph(ctx, organizationPhoneId, ({ client }) => client.editTemplate(metaId, change));
  return await readBack(ctx, organizationPhoneId, metaId, template);
}

/** Deletes a template in its one language, at Meta and here; the row stays. Throws what `createTemplate` does. */
export async function deleteTemplate(
  ctx: ActionContext,
  organizationPhoneId: number,
  id: number,
): Promise<StoredTemplate> {
  const { db, now } = ctx;
  const template = await requireTemplate(ctx, organizationPhoneId, id);
  const templateId = requireMetaId(template);
  const account = await requireAccount(ctx, organizationPhoneId);
  const { name, language } = template;
  await askGraph(ctx, organizationPhoneId, ({ client }) =>
    client.deleteTemplate(account.wabaId, name, templateId),
  );
  await recordTemplateChange(db, account, { templateId, name, language, status: "DELETED" }, now());
  return await requireTemplate(ctx, organizationPhoneId, id);
}

/** The template as Graph returns it now. While Graph cannot be reached, the stored one: the next sync updates it.  */
async function readBack(
  ctx: ActionContext,
  organizationPhoneId: number,
  metaId: string,
  key: { name: string; language: string },
): Promise<StoredTemplate> {
  const { agent, db, now } = ctx;
  const account = await requireAccount(ctx, organizationPhoneId);
  const { name, language } = key;
  const at = now();
  const raw = await askGraph(ctx, organizationPhoneId, ({ client }) => client.template(metaId)).catch(
    () => null,
  );
  const listed = raw && parseListedTemplate(raw);
  if (listed?.name === name && listed.language === language) {
    const { status, category, components, parameterFormat } = listed;
    const patch = { templateId: metaId, name, language, status, ...(category && { category }) };
    await recordTemplateChange(db, account, patch, at);
    await storeDefinition(db, account, key, { components, parameterFormat }, at);
  }
  const template = await findTemplate(db, agent.organizationId, organizationPhoneId, { name, language });
  if (!template) throw new AppError("not_found", `The template ${name} (${language}) no longer exists.`);
  return template;
}

function requireMetaId({ metaId, name }: StoredTemplate): string {
  if (!metaId)
    throw new AppError(
      "not_found",
      `Meta's id of the template ${name} is unknown. Sync the templates, then try again.`,
    );
  return metaId;
}
