import { createMiddleware } from "hono/factory";
import { AppError } from "../errors.ts";
import { log } from "../log.ts";
import { isFromMeta } from "../whatsapp/challenge.ts";
import { agentListRoutes } from "./agents.ts";
import { auditRoutes } from "./audit.ts";
import { requireAgent } from "./auth.ts";
import { profileRoutes } from "./business-profile.ts";
import { chatChangeRoutes } from "./chat-changes.ts";
import { chatCountRoutes, chatRoutes } from "./chats.ts";
import { CollectionRouter } from "./collection-router.ts";
import { contactMergeRoutes, contactRoutes } from "./contacts.ts";
import { limitFailedAuth } from "./failed-auth-limiter.ts";
import { healthRoutes } from "./health.ts";
import type { HttpEnv } from "./http-env.ts";
import { requireJsonBody } from "./json-body.ts";
import { labelRoutes } from "./labels.ts";
import { meRoutes } from "./me.ts";
import { mediaRoutes } from "./media.ts";
import { requireMediaReader } from "./media-auth.ts";
import { messageRoutes, singleMessageRoutes } from "./messages.ts";
import { metricsRoutes } from "./metrics.ts";
import { chatNoteRoutes, noteRoutes } from "./notes.ts";
import { noticeRoutes } from "./notices.ts";
import { serveOpenApi } from "./openapi-document.ts";
import { allowConfiguredOrigins } from "./origins.ts";
import { findNotFoundPage, pageRoutes } from "./page.ts";
import { phoneSetUpRoutes } from "./phone-setup.ts";
import { phoneRoutes } from "./phones.ts";
import { toProblem } from "./problem.ts";
import { problemPageRoutes } from "./problem-page.ts";
import { quickReplyRoutes } from "./quick-replies.ts";
import { receiveWebhook } from "./receive-webhook.ts";
import { commonHeaders, requestIdOf } from "./request-id.ts";
import { newRouter } from "./router.ts";
import { searchRoutes } from "./search.ts";
import { messageDecisionRoutes, sendRoutes } from "./send.ts";
import { socketRoutes, ticketRoutes } from "./sockets.ts";
import { spooledEventRoutes } from "./spooled-events.ts";
import { templateChangeRoutes } from "./template-changes.ts";
import { templateRoutes } from "./templates.ts";
import { traceRoutes } from "./traces.ts";
import { webhookRoutes } from "./webhook.ts";
import { webhookEventRoutes } from "./webhook-events.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

const identify = createMiddleware<HttpEnv>(async (c, next) => {
  const requestId = requestIdOf(c.req.raw);
  c.set("requestId", requestId);
  const headers = Object.entries(commonHeaders(requestId));
  // Hono creates responses with these headers. Setting one later would copy the response.
  for (const [name, value] of headers) c.header(name, value);
  await next();
  // A Durable Object's upgrade response has immutable headers.
  if (c.res.status === 101) return;
  for (const [name, value] of headers) if (!c.res.headers.has(name)) c.header(name, value);
});

/**
 * The routes of all requests.
 * @internal
 */
export const app = newRouter();
app.router = new CollectionRouter();

app.onError(toProblem);
app.use(identify);
app.route("/", healthRoutes);
app.route("/", pageRoutes);
app.route("/", problemPageRoutes);
// Meta's requests carry no token, and their bodies have their own limit.
app.route("/api/waba/webhook", webhookRoutes);
// Some operators enter the URL with a trailing slash.
app.route("/api/waba/webhook/", webhookRoutes);
app.use("/api/waba/*", allowConfiguredOrigins);
app.use("/api/waba/*", limitFailedAuth);
app.use("/api/waba/*", requireJsonBody);
app.route("/api/waba", socketRoutes);
app.use("/api/waba/media/*", requireMediaReader);
app.route("/api/waba/media", mediaRoutes);

/** The routers that require an agent's token, by their path below `/api/waba`. */
const agentRoutes = {
  send: [sendRoutes],
  "socket-tickets": [ticketRoutes],
  chats: [chatRoutes, chatChangeRoutes, chatNoteRoutes, messageRoutes],
  "chat-counts": [chatCountRoutes],
  notes: [noteRoutes],
  labels: [labelRoutes],
  "quick-replies": [quickReplyRoutes],
  search: [searchRoutes],
  agents: [agentListRoutes],
  me: [meRoutes],
  messages: [singleMessageRoutes, messageDecisionRoutes, traceRoutes],
  contacts: [contactRoutes],
  "contact-merges": [contactMergeRoutes],
  notices: [noticeRoutes],
  audit: [auditRoutes],
  phones: [phoneRoutes, phoneSetUpRoutes, templateChangeRoutes, templateRoutes, profileRoutes],
  "webhook-events": [webhookEventRoutes],
  "spooled-events": [spooledEventRoutes],
  metrics: [metricsRoutes],
};
for (const [path, routers] of Object.entries(agentRoutes)) {
  // The pattern matches the path itself too.
  app.use(`/api/waba/${path}/*`, requireAgent);
  for (const router of routers) app.route(`/api/waba/${path}`, router);
}
serveOpenApi(app);

// Returns instead of throwing: a thrown error would bypass `identify`, and the response would lack its headers.
app.notFound(async (c) => {
  const allowed = METHODS.filter((method) => hasRoute(method, c.req.path));
  if (allowed.length === 0) {
    // Meta's dashboard shows no reason, so we log it.
    if (isFromMeta(c.req.raw)) log("webhook_refused", { requestId: c.var.requestId, code: "wrong_path" });
    const page = await findNotFoundPage(c);
    return page ?? toProblem(new AppError("not_found", "No route matches this path."), c);
  }
  c.header("allow", allowed.join(", "));
  return toProblem(new AppError("method_not_allowed", `This path allows only ${allowed.join(", ")}.`), c);
});

const DELIVERY_PATHS = ["/api/waba/webhook", "/api/waba/webhook/"];

/**
 * Answers a request. Meta's deliveries skip Hono: there are the most of them, and its route and context cost more than checking one's
 * signature.
 */
export async function answer(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  const isDelivery = request.method === "POST" && DELIVERY_PATHS.includes(pathAndQueryOf(request.url));
  return isDelivery ? await receiveWebhook(request, env, ctx) : await app.fetch(request, env, ctx);
}

function pathAndQueryOf(url: string): string {
  return url.slice(url.indexOf("/", "https://".length));
}

/** Whether a route matches, not just middleware. */
function hasRoute(method: string, path: string): boolean {
  const [matches] = app.router.match(method, path);
  return matches.some(([[, route]]) => route.method === method);
}
