import type { z } from "zod";
import { type ProblemCode, problems } from "../errors.ts";
import { requireAdmin } from "./auth.ts";

// What the declarations of routes have in common.

/** Spread into a route that needs no token. */
export const forEveryone = { security: [] };

/** Spread into a route that every agent may call. */
export const forAgents = { security: [{ bearer: [] }] };

/** Spread into a route that only admins may call: declares the role and checks it. */
export const forAdmins = { security: [{ adminBearer: [] }], middleware: requireAdmin };

export function json<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { "application/json": { schema } } };
}

/** An answer that names the path of what was created. */
export function created<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { ...json(description, schema), headers: { Location: { $ref: "#/components/headers/Location" } } };
}

export function plainText(description: string) {
  return { description, content: { "text/plain": { schema: { type: "string" as const } } } };
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
  return onlyProblems(...COMMON, ...own);
}

/** The problems with these codes, by status. */
export function onlyProblems(...codes: ProblemCode[]) {
  const responses: Record<number, ReturnType<typeof problemResponse>> = {};
  for (const [status, some] of Map.groupBy(codes, (code) => problems[code].status))
    responses[status] = problemResponse(some);
  // 422 when the caller can fix it, 502 when an admin or Meta has to.
  if (codes.includes("meta_refused")) responses[502] = problemResponse(["meta_refused"]);
  return responses;
}

/** A problem document with one of these codes, which come first in the description: `shareComponents` names the response after them. */
export function problemResponse(codes: ProblemCode[]) {
  const description = codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" ");
  const schema = {
    allOf: [{ $ref: "#/components/schemas/Problem" }, { properties: { code: { enum: codes } } }],
  };
  return { description, content: { "application/problem+json": { schema } } };
}
