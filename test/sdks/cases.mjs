import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** What the runner has prepared, see `sdks.ts`. */
export const given = JSON.parse(process.env.GIVEN ?? "{}");
/** The webhooks that the simulator has sent: the raw body with its signature. */
export const webhooks = JSON.parse(readFileSync(given.webhooksFile, "utf8"));
/** The bytes of a PNG file. */
export const png = readFileSync(given.pngFile);
export { assert };

export function webhookOf(kind) {
  const found = webhooks.find(({ body }) => JSON.stringify(JSON.parse(body)).includes(kind));
  assert.ok(found, `the simulator has sent no webhook with ${kind}`);
  return found;
}

/** Runs the cases one after the other and prints each result as one line of JSON. */
export async function run(cases) {
  const shared = {};
  process.stdout.write(`\n@@${JSON.stringify({ plan: Object.keys(cases) })}\n`);
  for (const [name, act] of Object.entries(cases)) {
    const error = await attempt(act, shared);
    process.stdout.write(`\n@@${JSON.stringify({ name, error })}\n`);
  }
  process.exit(0);
}

async function attempt(act, shared) {
  try {
    await act(shared);
    return null;
  } catch (error) {
    const meta = error?.raw?.error ?? error?.error?.error ?? error?.error ?? error?.data?.error;
    const code = meta?.code === undefined ? "" : `(#${meta.code}) `;
    const text =
      error?.message ?? meta?.message ?? (typeof error === "string" ? error : JSON.stringify(error));
    const details = meta?.error_data?.details;
    return `${code}${text}${details ? `: ${details}` : ""}`.replace(/\s+/g, " ").slice(0, 240);
  }
}

/** Throws when an SDK hands back Graph's refusal instead of throwing it. */
export function accepted(answer) {
  if (answer?.error) throw Object.assign(new Error(answer.error.message), { error: answer.error });
  return answer;
}
