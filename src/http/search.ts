import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { placeOfMessage, type SearchPosition, searchContacts, searchMessages } from "../db/search.ts";
import { cleanText } from "../whatsapp/clean-text.ts";
import { isId, isMoment } from "./cursor.ts";
import { listPage } from "./list-page.ts";
import { forAgents, json, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { chat, cursor, limit, message, page } from "./schemas.ts";

const MOST_CHATS = 10;
const QUERY_CHARS = 200;

const found = z
  .object({
    message: message.meta({ description: "A preview." }),
    chat,
    byNumber: z.boolean().meta({
      description: "Whether no message has all words of the query, and this one has its numbers.",
    }),
    snippet: z.object({
      text: z.string(),
      marks: z
        .array(z.array(z.int()).length(2))
        .meta({ description: "What was found: start and end in UTF-16 units of `text`." }),
    }),
  })
  .meta({ id: "FoundMessage" });

const searchResult = z
  .object({
    chats: z.array(chat).meta({ description: "Whose contact matches, at most 10; on the first page only." }),
    data: z.array(found).meta({ description: "The messages that match, newest first." }),
    ...page,
  })
  .meta({ id: "SearchResult" });

const searchQuery = z.strictObject({
  q: z
    .string()
    .trim()
    .min(1)
    .max(QUERY_CHARS)
    .transform((text) => cleanText(text))
    .meta({
      description: "Words, a name, a username, a phone in any form, or an order number.",
      examples: ["order"],
    }),
  cursor,
  limit: limit(50),
});

const search = createRoute({
  method: "get",
  path: "/",
  operationId: "searchMessages",
  summary: "Search contacts and messages",
  description:
    "Contacts by name, username and phone, also by parts of them; messages by words in Russian or English, whatever their form, by the beginnings of words, and by numbers in any groups, phones also by their last four digits. All words must be there; where no message has all of them, those with the query's numbers of four digits or more are found. Deleted messages are not found.",
  ...forAgents,
  request: { query: searchQuery },
  responses: { 200: json("What was found.", searchResult), ...problemResponses("invalid_cursor") },
});

/** Mounted at `/api/waba/search`, behind `requireAgent`. */
export const searchRoutes = newRouter().openapi(search, async (c) => {
  const { q, ...query } = c.req.valid("query");
  const { agent, db } = c.var.ctx;
  const [chats, messages] = await Promise.all([
    query.cursor === undefined ? searchContacts(db, agent.organizationId, q, MOST_CHATS) : [],
    listPage({
      name: `search?${q}`,
      query,
      isPlace: isSearchPosition,
      read: (after, count) => searchMessages(db, agent.organizationId, q, after, count),
      placeOf: placeOfMessage,
    }),
  ]);
  return c.json({ chats, ...messages }, 200);
});

function isSearchPosition(place: unknown): place is SearchPosition {
  if (typeof place !== "object" || place === null) return false;
  if (!("id" in place) || !("createdAt" in place) || !("byNumber" in place)) return false;
  return (
    isId(place.id) &&
    typeof place.byNumber === "boolean" &&
    typeof place.createdAt === "string" &&
    isMoment(place.createdAt)
  );
}
