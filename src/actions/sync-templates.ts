import { syncTemplates } from "../db/templates.ts";
import { parseListedTemplate } from "../whatsapp/listed-template.ts";
import { askGraph } from "./ask-graph.ts";
import type { ActionContext } from "./context.ts";
import { requireAccount } from "./require-phone.ts";

/**
 * Reads all templates of a phone's account from Graph, page by page. Templates that Graph no longer lists are `DELETED`;
 * what a webhook changed meanwhile stays. Throws `not_found` and what `askGraph` throws: then nothing is changed.
 */
export async function syncAllTemplates(
  ctx: ActionContext,
  organizationPhoneId: number,
): Promise<{ listed: number; gone: number }> {
  const account = await requireAccount(ctx, organizationPhoneId);
  const began = ctx.now();
  const raw = await askGraph(ctx, organizationPhoneId, ({ client }) => client.templates(account.wabaId));
  const listed = raw.flatMap((one) => parseListedTemplate(one) ?? []);
  return await syncTemplates(ctx.db, account, listed, began);
}
