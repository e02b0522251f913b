import { AppError } from "../errors.ts";
import type { AccountGraph } from "../phones/phone-graph.ts";
import { GraphError } from "../whatsapp/graph-error.ts";
import { explain } from "../whatsapp/graph-errors.ts";
import { AccessTokenError } from "../whatsapp/sealed-token.ts";
import type { ActionContext } from "./context.ts";

/**
 * Asks Graph for one of the organization's numbers, which the caller has found. Throws `meta_refused` for a no, with Meta's
 * words, `rate_limited`, and `unavailable` where nobody knows whether it was done.
 */
export async function askGraph<Answer>(
  { graph }: Pick<ActionContext, "graph">,
  organizationPhoneId: number,
  ask: (account: AccountGraph) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(await graph(organizationPhoneId));
  } catch (error) {
    if (error instanceof AccessTokenError)
      throw new AppError("meta_refused", "The number has no access token that could be used.", {
        status: 502,
      });
    if (error instanceof GraphError) throw refusalBy(error);
    throw error;
  }
}

function refusalBy({ outcome, code, subcode, details, fbtraceId, retryAfterMs }: GraphError): AppError {
  if (outcome === "refused") {
    const retryAfter = Math.ceil((retryAfterMs ?? 60_000) / 1000);
    return new AppError("rate_limited", "Meta takes no more calls of this account just now.", { retryAfter });
  }
  if (outcome === "unknown")
    return new AppError("unavailable", "Meta has not said how it ended: it may have been done.", {
      retryAfter: 5,
    });
  const { title, advice, owner } = explain(code, subcode);
  return new AppError("meta_refused", details ? `${advice} Meta says: ${details}` : advice, {
    title,
    status: owner === "agent" || owner === "developers" ? 422 : 502,
    meta: { code, subcode, details, fbtraceId },
  });
}
