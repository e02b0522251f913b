import { createRoute } from "@hono/zod-openapi";
import { blockContact } from "../actions/block-contact.ts";
import { showTypingIn } from "../actions/show-typing.ts";
import { chatParams, openChat } from "./contract.ts";
import { bearer, guarded, json, refusals } from "./declare.ts";
import { newRouter } from "./router.ts";

const blocking = {
  security: bearer,
  request: { params: chatParams },
  responses: {
    200: json("The chat as it is now.", openChat),
    ...refusals(...guarded, "not_found", "meta_refused"),
  },
} as const;

const postBlock = createRoute({
  ...blocking,
  method: "post",
  path: "/{id}/block",
  summary: "Have Meta keep this customer from writing to the number",
  description: "Meta blocks only who has written in the last 24 hours.",
});

const removeBlock = createRoute({
  ...blocking,
  method: "delete",
  path: "/{id}/block",
  summary: "Let this customer write again",
});

const postTyping = createRoute({
  method: "post",
  path: "/{id}/typing",
  summary: "Show the customer that an answer is being written",
  description:
    "For 25 seconds, or until the answer. At Meta it also marks what they wrote as read. Nobody waits for Meta.",
  security: bearer,
  request: { params: chatParams },
  responses: { 204: { description: "Meta is told." }, ...refusals(...guarded, "not_found") },
});

/** What a chat does to the customer besides messages. Mounted at `/api/waba/chats`, behind `requireAgent`. */
export const customerRoutes = newRouter()
  .openapi(postBlock, async (c) => {
    return c.json(await blockContact(c.var.ctx, c.req.valid("param").id, true), 200);
  })
  .openapi(removeBlock, async (c) => {
    return c.json(await blockContact(c.var.ctx, c.req.valid("param").id, false), 200);
  })
  .openapi(postTyping, async (c) => {
    await showTypingIn(c.var.ctx, c.req.valid("param").id);
    return c.body(null, 204);
  });
