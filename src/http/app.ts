import { createMiddleware } from "hono/factory";
import { AppError } from "../errors.ts";
import { requireAgent } from "./auth.ts";
import { profileRoutes } from "./business-profile.ts";
import { chatRoutes } from "./chats.ts";
import { contactMergeRoutes, contactRoutes } from "./contacts.ts";
import { limitFailedAuth } from "./failed-auth-limiter.ts";
import { healthRoutes } from "./health.ts";
import type { HttpEnv } from "./http-env.ts";
import { requireJsonBody } from "./json-body.ts";
import { mediaRoutes } from "./media.ts";
import { requireMediaReader } from "./media-auth.ts";
import { messageRoutes, singleMessageRoutes } from "./messages.ts";
import { metricsRoutes } from "./metrics.ts";
import { noticeRoutes } from "./notices.ts";
import { serveOpenApi } from "./openapi-document.ts";
import { allowConfiguredOrigins } from "./origins.ts";
import { toProblem } from "./problem.ts";
import { newRouter } from "./router.ts";
import { messageDecisionRoutes, sendRoutes } from "./send.ts";
import { socketRoutes, ticketRoutes } from "./sockets.ts";
import { templateChangeRoutes } from "./template-changes.ts";
import { templateRoutes } from "./templates.ts";
import { traceRoutes } from "./traces.ts";
import { webhookRoutes } from "./webhook.ts";
import { webhookEventRoutes } from "./webhook-events.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** A caller may name the request himself, in these characters; it is returned and logged, never trusted. */
const REQUEST_ID = /^[\w-]{8,64}$/;

const identify = createMiddleware<HttpEnv>(async (c, next) => {
  const given = c.req.header("x-request-id");
  const requestId = given && REQUEST_ID.test(given) ? given : crypto.randomUUID();
  c.set("requestId", requestId);
  const headers = Object.entries({
    "x-request-id": requestId,
    // A file has its own.
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  // Hono makes its responses with these. Each header that is set on a finished response would copy it.
  for (const [name, value] of headers) c.header(name, value);
  await next();
  // The headers of an upgrade's response are the object's and cannot be changed.
  if (c.res.status === 101) return;
  for (const [name, value] of headers) if (!c.res.headers.has(name)) c.header(name, value);
});

export const app = newRouter();

app.onError(toProblem);
app.use(identify);
app.route("/", healthRoutes);
// Meta's calls carry no token, and their bodies have limits of their own.
app.route("/api/waba/webhook", webhookRoutes);
app.use("/api/waba/*", allowConfiguredOrigins);
app.use("/api/waba/*", limitFailedAuth);
app.use("/api/waba/*", requireJsonBody);
app.route("/api/waba", socketRoutes);
for (const path of [
  "send",
  "socket-tickets",
  "chats",
  "messages",
  "contacts",
  "contact-merges",
  "notices",
  "phones",
  "webhook-events",
  "metrics",
]) {
  // The pattern also stands for the path itself.
  app.use(`/api/waba/${path}/*`, requireAgent);
}
app.use("/api/waba/media/*", requireMediaReader);
app.route("/api/waba/media", mediaRoutes);
app.route("/api/waba/send", sendRoutes);
app.route("/api/waba/socket-tickets", ticketRoutes);
app.route("/api/waba/chats", chatRoutes);
app.route("/api/waba/chats", messageRoutes);
app.route("/api/waba/messages", singleMessageRoutes);
app.route("/api/waba/messages", messageDecisionRoutes);
app.route("/api/waba/messages", traceRoutes);
app.route("/api/waba/contacts", contactRoutes);
app.route("/api/waba/contact-merges", contactMergeRoutes);
app.route("/api/waba/notices", noticeRoutes);
app.route("/api/waba/phones", templateChangeRoutes);
app.route("/api/waba/phones", templateRoutes);
app.route("/api/waba/phones", profileRoutes);
app.route("/api/waba/webhook-events", webhookEventRoutes);
app.route("/api/waba/metrics", metricsRoutes);
serveOpenApi(app);

// Answers and does not throw: what is thrown here passes `identify` by, and the answer would lack its headers.
app.notFound((c) => {
  const allowed = METHODS.filter((method) => hasRoute(method, c.req.path));
  if (allowed.length === 0)
    return toProblem(new AppError("not_found", "There is nothing at this address."), c);
  c.header("allow", allowed.join(", "));
  return toProblem(new AppError("method_not_allowed", `Allowed here: ${allowed.join(", ")}.`), c);
});

/** Whether a route, and not only middleware, answers. */
function hasRoute(method: string, path: string): boolean {
  const [matches] = app.router.match(method, path);
  return matches.some(([[, route]]) => route.method === method);
}
