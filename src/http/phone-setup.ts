import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { applyEarlierEvents } from "../actions/earlier-events.ts";
import { requirePhoneRow } from "../actions/require-phone.ts";
import { type SetUpStep, setUpPhone } from "../actions/set-up-phone.ts";
import { sendTestMessage } from "../actions/test-phone.ts";
import { earlierEventsOf } from "../db/webhook-events.ts";
import type { ProblemCode } from "../errors.ts";
import type { HttpEnv } from "./http-env.ts";
import { forAdmins, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import {
  appliedEvents,
  codeEntry,
  codeRequest,
  earlierEvents,
  registration,
  requested,
  storedCheckReport,
  testMessageRequest,
} from "./phone-schemas.ts";
import { callbackUrlOf, toReport } from "./phones.ts";
import { newRouter } from "./router.ts";
import { ANSWER_LIMIT_MS, sendProblems, sentAnswers } from "./send.ts";
import { phoneParams } from "./template-schemas.ts";

const problems: ProblemCode[] = ["not_found", "phone_disconnected", "checks_failed", "meta_refused"];
const report = { 200: json("The checks that depend on it, run anew.", storedCheckReport) };

const postSubscribe = createRoute({
  method: "post",
  path: "/{id}/subscribe",
  operationId: "subscribePhone",
  summary: "Subscribe the app to the phone's account",
  description: "Repeating it changes nothing. Answers with C12. For admins.",
  ...forAdmins,
  request: { params: phoneParams },
  responses: { ...report, ...problemResponses(...problems) },
});

const postRegister = createRoute({
  method: "post",
  path: "/{id}/register",
  operationId: "registerPhone",
  summary: "Register a phone for the Cloud API",
  description:
    "The PIN becomes the phone's two-step PIN at Meta, or must be the one that it has. It is not stored here. Meta allows ten a day and then none for 72 hours. For admins.",
  ...forAdmins,
  request: { params: phoneParams, body: jsonBody(registration) },
  responses: { ...report, ...problemResponses(...problems) },
});

const postCodeRequest = createRoute({
  method: "post",
  path: "/{id}/request-code",
  operationId: "requestPhoneCode",
  summary: "Have Meta send a verification code to a phone",
  description: "By SMS or by a call. For admins.",
  ...forAdmins,
  request: { params: phoneParams, body: jsonBody(codeRequest) },
  responses: { 200: json("Meta sends it.", requested), ...problemResponses(...problems) },
});

const postCodeEntry = createRoute({
  method: "post",
  path: "/{id}/verify-code",
  operationId: "verifyPhoneCode",
  summary: "Enter the verification code of a phone",
  description: "Register the phone afterwards. For admins.",
  ...forAdmins,
  request: { params: phoneParams, body: jsonBody(codeEntry) },
  responses: { ...report, ...problemResponses(...problems) },
});

const postTestMessage = createRoute({
  method: "post",
  path: "/{id}/test-message",
  operationId: "sendTestMessage",
  summary: "Send a test message",
  description:
    'An approved template without variables. Pass its id as `messageId` to `/check` with `only: ["C14"]` to follow it. For admins.',
  ...forAdmins,
  request: { params: phoneParams, body: jsonBody(testMessageRequest) },
  responses: { ...sentAnswers, ...problemResponses(...sendProblems) },
});

const getEarlierEvents = createRoute({
  method: "get",
  path: "/{id}/earlier-events",
  operationId: "countEarlierEvents",
  summary: "Count the events that came before a phone was added",
  description: "They are stored and can be applied. For admins.",
  ...forAdmins,
  request: { params: phoneParams },
  responses: { 200: json("How many, and from when.", earlierEvents), ...problemResponses("not_found") },
});

const postEarlierEvents = createRoute({
  method: "post",
  path: "/{id}/earlier-events",
  operationId: "applyEarlierEvents",
  summary: "Apply the events that came before a phone was added",
  description:
    "Oldest first, up to 20 in one request: repeat until `remaining` no longer falls. What is stored already changes nothing. For admins.",
  ...forAdmins,
  request: { params: phoneParams },
  responses: {
    200: json("How many were applied.", appliedEvents),
    ...problemResponses("not_found", "not_durable"),
  },
});

/** Mounted at `/api/waba/phones`, behind `requireAgent`. */
export const phoneSetUpRoutes = newRouter()
  .openapi(postSubscribe, async (c) => {
    return c.json(await taken(c, c.req.valid("param").id, { kind: "subscribe" }), 200);
  })
  .openapi(postRegister, async (c) => {
    const step = { kind: "register" as const, ...c.req.valid("json") };
    return c.json(await taken(c, c.req.valid("param").id, step), 200);
  })
  .openapi(postCodeRequest, async (c) => {
    await taken(c, c.req.valid("param").id, { kind: "request_code", ...c.req.valid("json") });
    return c.json({ success: true as const }, 200);
  })
  .openapi(postCodeEntry, async (c) => {
    const step = { kind: "verify_code" as const, ...c.req.valid("json") };
    return c.json(await taken(c, c.req.valid("param").id, step), 200);
  })
  .openapi(postTestMessage, async (c) => {
    const { to } = c.req.valid("json");
    const sending = sendTestMessage(c.var.ctx, c.req.valid("param").id, to, ANSWER_LIMIT_MS);
    c.executionCtx.waitUntil(sending.catch(() => undefined));
    const { isReplay: _, ...answer } = await sending;
    return c.json(answer, answer.status === "accepted" ? 200 : 202);
  })
  .openapi(getEarlierEvents, async (c) => {
    const { wabaPhoneNumberId } = await requirePhoneRow(c.var.ctx, c.req.valid("param").id);
    return c.json(await earlierEventsOf(c.var.ctx.db, wabaPhoneNumberId ?? ""), 200);
  })
  .openapi(postEarlierEvents, async (c) => {
    return c.json(await applyEarlierEvents(c.var.ctx, c.req.valid("param").id), 200);
  });

async function taken(c: Context<HttpEnv>, id: number, step: SetUpStep) {
  return toReport(c, await setUpPhone(c.var.ctx, id, step, callbackUrlOf(c)));
}
