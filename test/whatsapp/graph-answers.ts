import { graphClient } from "../../src/whatsapp/graph.ts";
import type { GraphOptions } from "../../src/whatsapp/graph-call.ts";
import { GraphError } from "../../src/whatsapp/graph-error.ts";

export const token = "EAAtopsecrettoken123";
/** Meta's answer to a send that it takes. */
export const accepted = {
  messaging_product: "whatsapp",
  contacts: [{ input: "79161234567", wa_id: "79161234567" }],
  messages: [{ id: "wamid.X", message_status: "accepted" }],
};

export type Made = { url: string; init: RequestInit };

/** A client whose calls are answered by the function, and the calls that it made. */
export function answering(answer: Answering, options: Partial<GraphOptions> = {}) {
  return answeringAs(graphClient, answer, options);
}

/** The same for another of Graph's clients. */
export function answeringAs<Client>(
  make: (options: GraphOptions) => Client,
  answer: Answering,
  options: Partial<GraphOptions> = {},
): { client: Client; calls: Made[] } {
  const calls: Made[] = [];
  const fetch: GraphOptions["fetch"] = async (input, init = {}) => {
    const made = { url: String(input), init };
    calls.push(made);
    return await answer(made);
  };
  const base = { baseUrl: "https://graph.facebook.com", version: "v25.0", token, timeoutMs: 5_000, fetch };
  return { client: make({ ...base, ...options }), calls };
}

type Answering = (made: Made) => Response | Promise<Response>;

/** The error that the call throws; a call that throws none is a failure of the test. */
export async function faultOf(call: Promise<unknown>): Promise<GraphError> {
  const error: unknown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(error instanceof GraphError)) throw new Error("expected a GraphError", { cause: error });
  return error;
}

/** Meta's answer with one of its codes. */
export function refusal(
  code: number,
  status: number,
  more: object = {},
  headers: Record<string, string> = {},
): Response {
  const error = {
    message: "m",
    type: "OAuthException",
    code,
    error_data: { details: "d" },
    fbtrace_id: "Ab1",
    ...more,
  };
  return Response.json({ error }, { status, headers });
}
