import { type Call, callGraph, type GraphOptions, type Page, pageOf } from "./graph-call.ts";
import { GraphError } from "./graph-error.ts";
import { assertDone } from "./graph-number.ts";
import { idOf, objectsOf } from "./json-fields.ts";
import { isObject, type JsonObject } from "./json-text.ts";

/** A template's definition may have 10 KB; an answer of more than 1 MiB is not read (`graph-response.ts`). */
const PAGE_TEMPLATES = 50;
/** Twice what Meta allows an account: a list that goes on is none. */
const MOST_PAGES = 240;
const TEMPLATE_FIELDS =
  "id,name,language,status,category,components,parameter_format,quality_score,rejected_reason";
const PROFILE_FIELDS = "about,address,description,email,profile_picture_url,websites,vertical";

/** Of a template that was created or edited: Meta reviews it, and may put it into another category. */
export type Submitted = { id: string; status: string | null; category: string | null };

/** One whom to block, by phone or by user id, as Meta knows them. */
export type Blockable = { phone: string } | { userId: string };
/** Users as the request named them; `failed` with Meta's reason. */
export type Blocked = { done: string[]; failed: { user: string; reason: string | null }[] };

export type AccountClient = {
  /** All of the account's templates, as Graph returns them, or those of a name in all its languages. */
  templates(wabaId: string, name?: string): Promise<JsonObject[]>;
  template(templateId: string): Promise<JsonObject>;
  createTemplate(wabaId: string, definition: JsonObject): Promise<Submitted>;
  editTemplate(templateId: string, change: JsonObject): Promise<void>;
  /** In all languages, or with its id that one alone. */
  deleteTemplate(wabaId: string, name: string, templateId?: string): Promise<void>;
  businessProfile(phoneNumberId: string): Promise<JsonObject>;
  setBusinessProfile(phoneNumberId: string, change: JsonObject): Promise<void>;
  block(phoneNumberId: string, users: Blockable[]): Promise<Blocked>;
  unblock(phoneNumberId: string, users: Blockable[]): Promise<Blocked>;
  blocked(phoneNumberId: string, after?: string): Promise<Page>;
};

/** An account's templates, and a number's profile and blocked people. Every method throws `GraphError`, as `graph.ts`. */
export function accountClient(options: GraphOptions): AccountClient {
  const call = (request: Call) => callGraph(options, request);
  const changeBlocked = async (method: "POST" | "DELETE", id: string, users: Blockable[]) => {
    const block_users = users.map((one) => ("phone" in one ? { user: one.phone } : { user_id: one.userId }));
    const body = { messaging_product: "whatsapp", block_users };
    return blockedOf(await call({ method, id, path: "/block_users", body }));
  };
  return {
    async templates(wabaId, name) {
      const query = { fields: TEMPLATE_FIELDS, limit: String(PAGE_TEMPLATES), name };
      const all = await allOf(async (after) =>
        pageOf(await call({ ...ofAccount("GET", wabaId), query: { ...query, after } })),
      );
      // Meta may also find names that only begin so.
      return name === undefined ? all : all.filter((template) => template.name === name);
    },
    async template(templateId) {
      const query = { fields: TEMPLATE_FIELDS };
      return await call({ method: "GET", id: templateId, object: "template", query });
    },
    async createTemplate(wabaId, definition) {
      const answer = await call({ ...ofAccount("POST", wabaId), body: definition });
      const id = idOf(answer.id);
      if (!id)
        throw new GraphError("Meta's answer names no template.", { outcome: "unknown", httpStatus: 200 });
      return { id, status: idOf(answer.status), category: idOf(answer.category) };
    },
    async editTemplate(templateId, change) {
      assertDone(await call({ method: "POST", id: templateId, object: "template", body: change }));
    },
    async deleteTemplate(wabaId, name, templateId) {
      const query = { name, hsm_id: templateId };
      assertDone(await call({ ...ofAccount("DELETE", wabaId), query }));
    },
    async businessProfile(phoneNumberId) {
      const path = "/whatsapp_business_profile";
      const answer = await call({
        method: "GET",
        id: phoneNumberId,
        path,
        query: { fields: PROFILE_FIELDS },
      });
      const [profile = {}] = objectsOf(answer.data);
      // An example of Meta's wraps it once more.
      return isObject(profile.business_profile) ? profile.business_profile : profile;
    },
    async setBusinessProfile(phoneNumberId, change) {
      const body = { messaging_product: "whatsapp", ...change };
      const path = "/whatsapp_business_profile";
      assertDone(await call({ method: "POST", id: phoneNumberId, path, body }));
    },
    block: (phoneNumberId, users) => changeBlocked("POST", phoneNumberId, users),
    unblock: (phoneNumberId, users) => changeBlocked("DELETE", phoneNumberId, users),
    async blocked(phoneNumberId, after) {
      return pageOf(await call({ method: "GET", id: phoneNumberId, path: "/block_users", query: { after } }));
    },
  };
}

function ofAccount(method: Call["method"], id: string): Call {
  return { method, id, object: "account", path: "/message_templates" };
}

/** Follows a list to its end; one that turns in a circle, or has no end, is `failed`. */
async function allOf(read: (after: string | undefined) => Promise<Page>): Promise<JsonObject[]> {
  const items: JsonObject[] = [];
  const seen = new Set<string>();
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items: more, after: next } = await read(after);
    items.push(...more);
    if (next === null) return items;
    if (seen.has(next)) break;
    seen.add(next);
    after = next;
  }
  throw new GraphError("Meta's list does not end.", { outcome: "failed", httpStatus: 200 });
}

function blockedOf({ block_users }: JsonObject): Blocked {
  const { added_users, removed_users, failed_users } = isObject(block_users) ? block_users : {};
  const done = [...objectsOf(added_users), ...objectsOf(removed_users)].map(inputOf);
  const failed = objectsOf(failed_users).map((user) => {
    const [error] = objectsOf(user.errors);
    const reason = error && [error.message, error.title].find((text) => typeof text === "string");
    return { user: inputOf(user), reason: typeof reason === "string" ? reason : null };
  });
  return { done, failed };
}

function inputOf({ input, wa_id, user_id }: JsonObject): string {
  return idOf(input) ?? idOf(wa_id) ?? idOf(user_id) ?? "";
}
