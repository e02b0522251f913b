import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { noChat } from "../actions/require-chat.ts";
import { addNoteTo, changeNoteOf } from "../actions/write-note.ts";
import { notesBefore } from "../db/chat-notes.ts";
import { cleanText } from "../whatsapp/clean-text.ts";
import { note } from "./chat-schemas.ts";
import { isIdPlace } from "./cursor.ts";
import { listPage } from "./list-page.ts";
import { created, forAgents, json, jsonBody, problemResponses } from "./openapi-parts.ts";
import { newRouter } from "./router.ts";
import { chatParams, id, idempotencyKey, idInPath, listQuery, page } from "./schemas.ts";

const noteList = z.object({ data: z.array(note), ...page }).meta({ id: "ChatNoteList" });

const noteText = z
  .strictObject({
    body: z
      .string()
      .trim()
      .min(1)
      .max(4_096)
      .transform((text) => cleanText(text)),
    mentions: z
      .array(id)
      .max(20)
      .default([])
      .meta({ description: "The ids of the agents whom it mentions." }),
  })
  .meta({ id: "NoteText", examples: [{ body: "Wants a refund" }] });

const noteParams = z.object({ id: idInPath.meta({ description: "The note's id." }) });

const listNotes = createRoute({
  method: "get",
  path: "/{id}/notes",
  operationId: "listNotes",
  summary: "List a chat's notes, newest first",
  description: "Without deleted ones. New ones and changes come with events.",
  ...forAgents,
  request: { params: chatParams, query: listQuery },
  responses: { 200: json("A page of notes.", noteList), ...problemResponses("not_found", "invalid_cursor") },
});

const postNote = createRoute({
  method: "post",
  path: "/{id}/notes",
  operationId: "addNote",
  summary: "Add a note to a chat",
  description:
    "For colleagues alone: the customer never gets it. The same Idempotency-Key and text add one note.",
  ...forAgents,
  request: {
    params: chatParams,
    headers: z.object({ "idempotency-key": idempotencyKey.optional() }),
    body: jsonBody(noteText),
  },
  responses: { 201: created("The note.", note), ...problemResponses("not_found", "idempotency_key_reused") },
});

const patchNote = createRoute({
  method: "patch",
  path: "/{id}",
  operationId: "editNote",
  summary: "Edit a note",
  description: "Only its author may.",
  ...forAgents,
  request: { params: noteParams, body: jsonBody(noteText) },
  responses: { 200: json("The note.", note), ...problemResponses("not_found") },
});

const deleteNote = createRoute({
  method: "delete",
  path: "/{id}",
  operationId: "deleteNote",
  summary: "Delete a note",
  description: "Only its author may. Its text is erased.",
  ...forAgents,
  request: { params: noteParams },
  responses: { 200: json("The note, now without text.", note), ...problemResponses("not_found") },
});

/** Mounted at `/api/waba/chats`, behind `requireAgent`. */
export const chatNoteRoutes = newRouter()
  .openapi(listNotes, async (c) => {
    const { id } = c.req.valid("param");
    const { agent, db } = c.var.ctx;
    const notes = await listPage({
      name: `chats/${id}/notes`,
      query: c.req.valid("query"),
      isPlace: isIdPlace,
      read: async (before, count) => {
        const key = { id, organizationId: agent.organizationId };
        const found = await notesBefore(db, key, before?.id ?? null, count);
        if (!found) throw noChat(id);
        return found;
      },
      placeOf: ({ id }) => ({ id }),
    });
    return c.json(notes, 200);
  })
  .openapi(postNote, async (c) => {
    const { "idempotency-key": key = null } = c.req.valid("header");
    const added = await addNoteTo(c.var.ctx, c.req.valid("param").id, c.req.valid("json"), key);
    c.header("Location", `/api/waba/notes/${added.id}`);
    return c.json(added, 201);
  });

/** Mounted at `/api/waba/notes`, behind `requireAgent`. */
export const noteRoutes = newRouter()
  .openapi(patchNote, async (c) => {
    return c.json(await changeNoteOf(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200);
  })
  .openapi(deleteNote, async (c) => {
    return c.json(await changeNoteOf(c.var.ctx, c.req.valid("param").id, null), 200);
  });
