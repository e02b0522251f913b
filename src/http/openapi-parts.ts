import type { z } from "zod";
import { type ProblemCode, problems } from "../errors.ts";
import { problem } from "./schemas.ts";

// Short forms for declaring a route, so that its declaration reads like a page of a manual.

export const bearer = [{ bearer: [] }];

export function json<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { "application/json": { schema } } };
}

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { "application/json": { schema } } };
}

/** The refusals of a route, by status. */
export function refusals(...codes: ProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status);
  const responses: Record<number, ReturnType<typeof refusal>> = {};
  for (const [status, some] of byStatus) responses[status] = refusal(some);
  return responses;
}

/** What every route behind a token may answer. */
export const guarded: ProblemCode[] = [
  "invalid_request",
  "token_missing",
  "token_invalid",
  "token_expired",
  "forbidden",
  "rate_limited",
  "unavailable",
];

function refusal(codes: ProblemCode[]) {
  return { description: codes.join(", "), content: { "application/problem+json": { schema: problem } } };
}
