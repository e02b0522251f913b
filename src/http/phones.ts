import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { changePhone, disconnectPhone } from "../actions/change-phone.ts";
import { checkPhone, checkValues } from "../actions/check-phone.ts";
import { connectPhone } from "../actions/connect-phone.ts";
import type { ActionContext } from "../actions/context.ts";
import { requirePhoneRow } from "../actions/require-phone.ts";
import { activityOf } from "../db/metrics.ts";
import { lastFindings } from "../db/phone-checks.ts";
import { type PhoneRow, pageOfPhones } from "../db/phones.ts";
import { type Finding, maskToken, worstStatus } from "../domain/check.ts";
import { describeAll } from "../domain/check-texts.ts";
import { isIdPlace } from "./cursor.ts";
import type { HttpEnv } from "./http-env.ts";
import { listPage } from "./list-page.ts";
import { created, forAdmins, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import {
  checkReport,
  openPhone,
  phoneCheck,
  phoneCreation,
  phoneEdit,
  phoneList,
  storedCheckReport,
  valuesCheck,
} from "./phone-schemas.ts";
import { newRouter } from "./router.ts";
import { listQuery } from "./schemas.ts";
import { phoneParams } from "./template-schemas.ts";

const LANGUAGE = "Texts follow Accept-Language (en, ru).";

const listPhones = createRoute({
  method: "get",
  path: "/",
  operationId: "listPhones",
  summary: "List the phones",
  description: "Disconnected ones too. For admins.",
  ...forAdmins,
  request: { query: listQuery },
  responses: { 200: json("A page of phones.", phoneList), ...problemResponses("invalid_cursor") },
});

const getPhone = createRoute({
  method: "get",
  path: "/{id}",
  operationId: "getPhone",
  summary: "Read a phone and its health",
  description: `With its last checks and what waits for it. ${LANGUAGE} For admins.`,
  ...forAdmins,
  request: { params: phoneParams },
  responses: { 200: json("The phone.", openPhone), ...problemResponses("not_found") },
});

const postPhone = createRoute({
  method: "post",
  path: "/",
  operationId: "connectPhone",
  summary: "Connect a phone",
  description:
    "Checks the values first (C01 to C05) and saves nothing when one fails. A phone of the organization that was disconnected is connected again, with its chats. The token is sealed and never returned. For admins.",
  ...forAdmins,
  request: { body: jsonBody(phoneCreation) },
  responses: { 201: created("The phone.", openPhone), ...problemResponses("number_taken", "checks_failed") },
});

const patchPhone = createRoute({
  method: "patch",
  path: "/{id}",
  operationId: "changePhone",
  summary: "Change a phone",
  description:
    "A new token or id is checked before the old one goes. A new token connects a disconnected phone again. For admins.",
  ...forAdmins,
  request: { params: phoneParams, body: jsonBody(phoneEdit) },
  responses: {
    200: json("The phone.", openPhone),
    ...problemResponses("not_found", "number_taken", "checks_failed"),
  },
});

const deletePhone = createRoute({
  method: "delete",
  path: "/{id}",
  operationId: "disconnectPhone",
  summary: "Disconnect a phone",
  description:
    "Erases its token and refuses its sends. Its chats stay, and what Meta still delivers is stored. For admins.",
  ...forAdmins,
  request: { params: phoneParams },
  responses: { 200: json("The phone, now disconnected.", openPhone), ...problemResponses("not_found") },
});

const postValuesCheck = createRoute({
  method: "post",
  path: "/check",
  operationId: "checkPhoneValues",
  summary: "Check the values of a phone before they are saved",
  description: `Nothing is stored. C09 and C10 are left to the client. ${LANGUAGE} For admins.`,
  ...forAdmins,
  request: { body: jsonBody(valuesCheck) },
  responses: { 200: json("What the checks found.", checkReport), ...problemResponses() },
});

const postCheck = createRoute({
  method: "post",
  path: "/{id}/check",
  operationId: "checkPhone",
  summary: "Check a phone",
  description: `Runs the checks and keeps what they found. A check that needs a failed one is skipped. C09 and C10 are left to the client. ${LANGUAGE} For admins.`,
  ...forAdmins,
  request: { params: phoneParams, body: jsonBody(phoneCheck) },
  responses: { 200: json("What the checks found.", storedCheckReport), ...problemResponses("not_found") },
});

/** Mounted at `/api/waba/phones`, behind `requireAgent`. */
export const phoneRoutes = newRouter()
  .openapi(listPhones, async (c) => {
    const { agent, db } = c.var.ctx;
    const phones = await listPage({
      name: "phones",
      query: c.req.valid("query"),
      isPlace: isIdPlace,
      read: (after, count) => pageOfPhones(db, agent.organizationId, after?.id ?? null, count),
      placeOf: ({ id }) => ({ id }),
    });
    return c.json({ ...phones, data: phones.data.map(withoutSecrets) }, 200);
  })
  .openapi(postPhone, async (c) => {
    const phone = await connectPhone(c.var.ctx, c.req.valid("json"));
    c.header("Location", `/api/waba/phones/${phone.id}`);
    return c.json(await opened(c, phone), 201);
  })
  .openapi(postValuesCheck, async (c) => {
    const { only, phoneNumber = null, wabaApiVersion = null, ...values } = c.req.valid("json");
    const findings = await checkValues(
      c.var.ctx,
      { ...values, phoneNumber, wabaApiVersion },
      { only, callbackUrl: callbackUrlOf(c) },
    );
    return c.json(toReport(c, findings), 200);
  })
  .openapi(getPhone, async (c) => {
    return c.json(await opened(c, await requirePhoneRow(c.var.ctx, c.req.valid("param").id)), 200);
  })
  .openapi(patchPhone, async (c) => {
    const phone = await changePhone(c.var.ctx, c.req.valid("param").id, c.req.valid("json"));
    return c.json(await opened(c, phone), 200);
  })
  .openapi(deletePhone, async (c) => {
    return c.json(await opened(c, await disconnectPhone(c.var.ctx, c.req.valid("param").id)), 200);
  })
  .openapi(postCheck, async (c) => {
    const { wait, ...request } = c.req.valid("json");
    const waiting = wait && { since: new Date(wait.since), seconds: wait.seconds };
    const findings = await checkPhone(c.var.ctx, c.req.valid("param").id, {
      ...request,
      wait: waiting,
      callbackUrl: callbackUrlOf(c),
    });
    return c.json(toReport(c, findings), 200);
  });

/** The address for Meta, at the host that the client has used. */
export function callbackUrlOf(c: Context<HttpEnv>): string {
  return `${new URL(c.req.url).origin}/api/waba/webhook`;
}

/** Findings with texts in the client's language. */
export function toReport<Found extends Finding>(c: Context<HttpEnv>, findings: readonly Found[]) {
  return {
    status: worstStatus(findings.map(({ status }) => status)),
    checks: describeAll(findings, c.req.header("accept-language")),
  };
}

async function opened(c: Context<HttpEnv>, phone: PhoneRow) {
  const { ctx } = c.var;
  const [token, findings, activity] = await Promise.all([
    tokenMask(ctx, phone),
    lastFindings(ctx.db, phone.id),
    activityOf(ctx.db, phone.id),
  ]);
  return {
    ...withoutSecrets(phone),
    accessTokenMask: token,
    callbackUrl: callbackUrlOf(c),
    wabaVerifyToken: phone.wabaVerifyToken,
    checks: toReport(c, findings).checks,
    activity,
  };
}

/** A secret of the Worker is the operator's: nothing of it is shown. */
async function tokenMask({ numbers }: ActionContext, phone: PhoneRow): Promise<string | null> {
  if (phone.accessToken === "worker") return null;
  const opened = await numbers.open(phone);
  return "token" in opened ? maskToken(opened.token) : null;
}

function withoutSecrets({ wabaAccessToken: _, wabaVerifyToken: __, ...phone }: PhoneRow) {
  return phone;
}
