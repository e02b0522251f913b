import { askGraph } from "./ask-graph.ts";
import type { ActionContext } from "./context.ts";
import { requirePhone } from "./require-phone.ts";

/** What customers see of a number's business, in Meta's names. Throws `not_found` and what `askGraph` throws. */
export async function readProfile(ctx: ActionContext, organizationPhoneId: number) {
  await requirePhone(ctx, organizationPhoneId);
  return await askGraph(ctx, organizationPhoneId, ({ client, phoneNumberId }) =>
    client.businessProfile(phoneNumberId),
  );
}

/** Changes what is given of it, and gives all of it. */
export async function changeProfile(
  ctx: ActionContext,
  organizationPhoneId: number,
  change: Record<string, unknown>,
) {
  await requirePhone(ctx, organizationPhoneId);
  return await askGraph(ctx, organizationPhoneId, async ({ client, phoneNumberId }) => {
    await client.setBusinessProfile(phoneNumberId, change);
    return await client.businessProfile(phoneNumberId);
  });
}
