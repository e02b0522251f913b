import { toRefusal } from "../phones/graph-refusal.ts";
import type { AccountGraph } from "../phones/phone-graph.ts";
import type { ActionContext } from "./context.ts";

/**
 * Calls Graph for one of the organization's phones, which the caller has looked up. Throws `meta_refused` with Meta's
 * reason, `rate_limited`, and `unavailable` where Meta may have carried out the call.
 */
export async function askGraph<Answer>(
  { graph }: Pick<ActionContext, "graph">,
  organizationPhoneId: number,
  ask: (account: AccountGraph) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(await graph(organizationPhoneId));
  } catch (error) {
    throw toRefusal(error);
  }
}
