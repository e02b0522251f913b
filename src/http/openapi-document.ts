import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { describeOperations } from "./openapi-operations.ts";
import { forEveryone, json, onlyProblems } from "./openapi-parts.ts";
import type { newRouter } from "./router.ts";
import { shareComponents } from "./shared-components.ts";

const info = {
  title: "WABA Edge",
  version: "1",
  description:
    "A WhatsApp Business backend and agent inbox. Every error is a problem document (RFC 9457) with a stable `code`, which `/docs/problems` explains; beside those of an operation, `method_not_allowed` (405), `too_large` (413), `unsupported_media_type` (415) and `internal` (500) are possible everywhere. Every answer has an `X-Request-Id`. Clients must accept new fields and new words in answers.",
  contact: { name: "The operator of this deployment" },
  license: { name: "MIT", identifier: "MIT" },
};

/** The operations of a collection, by its name in the path, such as `chats` of `/api/waba/chats/{id}`. */
const TAGS: Record<string, string> = {
  send: "Sending a message.",
  "socket-tickets": "Tickets for browsers, which cannot set a socket's headers.",
  chats: "Chats with customers, their messages and their events.",
  "chat-counts": "How many chats the views of the inbox have.",
  notes: "What agents wrote about chats for each other.",
  labels: "The organization's labels for chats.",
  "quick-replies": "Texts that agents insert by a shortcut.",
  search: "Finding chats and messages.",
  agents: "Who answers customers.",
  me: "The agent who asks: organization, settings, preferences.",
  messages: "Single messages: resend, discard, trace.",
  contacts: "Customers and their identities.",
  "contact-merges": "Contacts that were merged.",
  media: "Files that customers sent, and files to send.",
  notices: "What admins should know of the account, its phones and templates.",
  audit: "Who changed what of the phones.",
  phones: "Business numbers, their templates and profiles.",
  "webhook-events": "Webhook events that were kept raw.",
  "spooled-events": "Webhook events that wait to be stored.",
  metrics: "Figures of storing and sending.",
  webhook: "For Meta alone.",
  inbox: "The socket of an organization's inbox.",
  system: "Health, and this document.",
};

const jwt = { type: "http", scheme: "bearer", bearerFormat: "JWT" };
const securitySchemes = {
  bearer: {
    ...jwt,
    description: "Claims: sub, organizationId, role (agent or admin), exp; optionally name.",
  },
  adminBearer: { ...jwt, description: "The same, with the role admin." },
  ticket: {
    type: "apiKey",
    in: "header",
    name: "Sec-WebSocket-Protocol",
    description: "`waba.v1` and a ticket of `createSocketTicket`, separated by a comma.",
  },
  signedAddress: {
    type: "apiKey",
    in: "query",
    name: "signature",
    description: "As given by `createMediaAddress`, with `organization` and `until`.",
  },
  metaSignature: {
    type: "apiKey",
    in: "header",
    name: "X-Hub-Signature-256",
    description: "HMAC-SHA256 of the body under the app's secret.",
  },
};

const text = { schema: { type: "string" } };
const headers = {
  RequestId: { description: "Also in the log. A caller may choose it.", ...text },
  RetryAfter: { description: "Seconds, where it is known when to try again.", schema: { type: "integer" } },
  Location: { description: "The path of what was created.", ...text },
  Replayed: { description: "`true` when this repeats the answer to an earlier request.", ...text },
};

const getDocument = createRoute({
  method: "get",
  path: "/openapi.json",
  operationId: "getOpenApiDocument",
  summary: "Read this document",
  description: "OpenAPI 3.1, generated from the schemas that the routes validate with.",
  ...forEveryone,
  responses: {
    200: json("The document.", z.looseObject({ openapi: z.string() })),
    ...onlyProblems("method_not_allowed"),
  },
});

/** Adds `/openapi.json`. Call it last: the document describes the routes that the app has by then. */
export function serveOpenApi(app: ReturnType<typeof newRouter>): void {
  let document: ReturnType<typeof describe> | null = null;
  app.openapi(getDocument, (c) => {
    document ??= describe(app);
    return c.json(document, 200);
  });
}

function describe(app: ReturnType<typeof newRouter>) {
  const { paths, schemas } = describeOperations(app.openAPIRegistry.definitions);
  for (const [path, item] of Object.entries(paths))
    for (const operation of Object.values(item)) Object.assign(operation, { tags: [tagOf(path)] });
  const used = new Set(Object.keys(paths).map(tagOf));
  return shareComponents({
    openapi: "3.1.0",
    info,
    servers: [{ url: "/", description: "This deployment." }],
    tags: Object.entries(TAGS)
      .filter(([name]) => used.has(name))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: { ...schemas, Bytes: { type: "string", format: "binary" } },
      headers,
      securitySchemes,
    },
  });
}

function tagOf(path: string): string {
  return /^\/api\/waba\/([\w-]+)/.exec(path)?.[1] ?? "system";
}
