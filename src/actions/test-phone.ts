import { addAudit } from "../db/audit.ts";
import { AppError } from "../errors.ts";
import { testTemplateOf } from "../whatsapp/test-template.ts";
import { askGraph } from "./ask-graph.ts";
import type { Sent } from "./conclude-send.ts";
import type { ActionContext } from "./context.ts";
import { requireAccount } from "./require-phone.ts";
import { sendMessage } from "./send-message.ts";

/**
 * Sends an approved template without variables to the operator's phone. It is an ordinary message with a chat, a trace and
 * statuses, so check C14 follows it by its id. Throws `not_found`, also where the account has no such template, and what a send
 * throws.
 */
export async function sendTestMessage(
  ctx: ActionContext,
  id: number,
  to: string,
  waitMs: number,
): Promise<Sent> {
  const { agent, db } = ctx;
  const { wabaId } = await requireAccount(ctx, id);
  const listed = await askGraph(ctx, id, ({ client }) => client.templates(wabaId));
  const template = testTemplateOf(listed);
  if (!template)
    throw new AppError(
      "not_found",
      "The account has no approved template without variables. Create one in WhatsApp Manager.",
    );
  const fingerprint = crypto.randomUUID();
  const request = { type: "template" as const, organizationPhoneId: id, to, template };
  const sent = await sendMessage(ctx, request, { key: null, fingerprint }, waitMs);
  const actor = { organizationId: agent.organizationId, agentId: agent.id };
  await addAudit(db, actor, id, { action: "phone.tested", detail: {} });
  return sent;
}
