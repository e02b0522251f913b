import type { z } from "zod";
import { type ProblemCode, problems } from "../errors.ts";
import { requireAdmin } from "./auth.ts";
import { problem } from "./schemas.ts";

// What the declarations of routes have in common.

/** Spread into a route that every agent may call. */
export const forAgents = { security: [{ bearer: [] }] };

/** Spread into a route that only admins may call: declares the role (OpenAPI 3.1, Security Requirement) and checks it. */
export const forAdmins = { security: [{ bearer: ["admin"] }], middleware: requireAdmin };

export function json<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { "application/json": { schema } } };
}

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { "application/json": { schema } } };
}

/** Every route behind a token may answer with these. */
const COMMON: ProblemCode[] = [
  "invalid_request",
  "token_missing",
  "token_invalid",
  "token_expired",
  "forbidden",
  "rate_limited",
  "unavailable",
];

/** The problems that a route behind a token may answer with, by status: the common ones, and those that are its own. */
export function problemResponses(...own: ProblemCode[]) {
  const responses: Record<number, ReturnType<typeof problemResponse>> = {};
  for (const [status, codes] of Map.groupBy([...COMMON, ...own], (code) => problems[code].status))
    responses[status] = problemResponse(codes);
  // 422 when the caller can fix it, 502 when an admin or Meta has to.
  if (own.includes("meta_refused")) responses[502] = problemResponse(["meta_refused"]);
  return responses;
}

/** The codes come first in the description: `shareComponents` names the response after them. */
function problemResponse(codes: ProblemCode[]) {
  const description = codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" ");
  return { description, content: { "application/problem+json": { schema: problem } } };
}
