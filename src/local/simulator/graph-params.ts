import type { Context } from "hono";
import { type Fields, parseFields } from "./fields.ts";

/** What a call brings, however it brings it. */
export type Params = {
  /** Query and body together; the body wins. Without the token and its proof. */
  body: Fields;
  token: string | null;
  proof: string | null;
  /** The body for the ledger: the JSON object or the form's fields, without the token, or the text. */
  received: Fields | string | null;
};

/** Parameters that are objects or lists; Graph takes each also as JSON text, even within JSON. */
const STRUCTURED = new Set([
  ...["text", "image", "video", "document", "audio", "sticker", "location", "contacts", "reaction"],
  ...["template", "interactive", "context", "typing_indicator", "block_users", "components", "categories"],
  ...["webhook_configuration", "whatsapp_business_api_data", "websites", "prompts", "commands", "fields"],
  ...["calling", "payload_encryption", "storage_configuration", "user_identity_change"],
  // Filters of lists, one value or several.
  ...["status", "category", "language", "quality_score"],
]);

/**
 * Graph takes parameters in the query and in a JSON, urlencoded or multipart body, and the token also as one of them.
 * https://developers.facebook.com/docs/graph-api/overview#publishing
 */
export async function readParams(c: Context): Promise<Params> {
  const { access_token: queryToken, appsecret_proof: queryProof, ...query } = c.req.query();
  const body = await readBody(c);
  const { access_token = queryToken, appsecret_proof = queryProof, ...fields } = body.fields;
  const header = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  return {
    body: { ...unfold(query), ...fields },
    token: header ?? textOf(access_token),
    proof: textOf(appsecret_proof),
    received: body.received,
  };
}

async function readBody(c: Context): Promise<{ fields: Fields; received: Params["received"] }> {
  const type = c.req.header("content-type") ?? "";
  if (type.startsWith("multipart/form-data")) {
    const form = await c.req.formData().catch(() => new FormData());
    const texts = [...form].filter(([, value]) => typeof value === "string");
    return { fields: unfold(Object.fromEntries(texts)), received: null };
  }
  const text = await c.req.text();
  if (type.startsWith("application/x-www-form-urlencoded")) {
    const fields = unfold(Object.fromEntries(new URLSearchParams(text)));
    return { fields, received: withoutToken(fields) };
  }
  const fields = parseFields(text);
  if (fields) return { fields: unfold(fields), received: withoutToken(fields) };
  return { fields: {}, received: text === "" ? null : text };
}

function withoutToken({ access_token: _, ...fields }: Fields): Fields {
  return fields;
}

/** Parses the structured parameters that are JSON text. */
function unfold(values: Fields): Fields {
  const unfolded = Object.entries(values).map(([key, value]) => [
    key,
    STRUCTURED.has(key) ? unfoldValue(value) : value,
  ]);
  return Object.fromEntries(unfolded);
}

function unfoldValue(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
