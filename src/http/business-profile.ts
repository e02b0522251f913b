import { createRoute } from "@hono/zod-openapi";
import { changeProfile, readProfile } from "../actions/business-profile.ts";
import { businessProfile } from "../whatsapp/outbound/business-profile.ts";
import { forAdmins, forAgents, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { phoneParams, profile } from "./template-schemas.ts";

const responses = {
  200: json("The current profile at Meta.", profile),
  ...problemResponses("not_found", "meta_refused"),
};

const getProfile = createRoute({
  method: "get",
  path: "/{id}/profile",
  operationId: "getProfile",
  summary: "Read the business profile of a phone",
  description: "Read from Meta on every request, with Meta's field names.",
  ...forAgents,
  request: { params: phoneParams },
  responses,
});

const patchProfile = createRoute({
  method: "patch",
  path: "/{id}/profile",
  operationId: "changeProfile",
  summary: "Update the business profile of a phone",
  description: "Omitted fields stay; an empty text removes a field. For admins.",
  ...forAdmins,
  request: { params: phoneParams, body: jsonBody(businessProfile) },
  responses,
});

/** Mounted at `/api/waba/phones`, behind `requireAgent`. */
export const profileRoutes = newRouter()
  .openapi(getProfile, async (c) => c.json(await readProfile(c.var.ctx, c.req.valid("param").id), 200))
  .openapi(patchProfile, async (c) => {
    return c.json(await changeProfile(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200);
  });
