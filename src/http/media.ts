import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { retryFile } from "../actions/retry-file.ts";
import { readConfig } from "../config.ts";
import { fileOf } from "../db/media.ts";
import { AppError } from "../errors.ts";
import { signAddress } from "../media/addresses.ts";
import { openFile } from "../media/open-file.ts";
import { uploadFile } from "../media/upload-file.ts";
import { uploadTypes } from "../whatsapp/media-types.ts";
import { fileResponse } from "./file-response.ts";
import { openMultipartFile } from "./multipart-file.ts";
import { created, forAgents, json, problemResponses } from "./openapi-parts.ts";
import { refuseInvalid } from "./problem.ts";
import { newRouter } from "./router.ts";
import { id, idInPath, media, moment } from "./schemas.ts";

const mediaParams = z.object({ id: idInPath.meta({ description: "The file's id." }) });

const fileName = z
  .string()
  .min(1)
  .max(240)
  .refine(
    (name) => name.isWellFormed() && !name.includes("\0"),
    "fileName contains characters that cannot be stored.",
  )
  .optional();

const uploadQuery = z.strictObject({ organizationPhoneId: idInPath, fileName });
const uploadForm = {
  schema: {
    type: "object" as const,
    properties: { file: { $ref: "#/components/schemas/Bytes" } },
    required: ["file"],
    additionalProperties: false,
  },
};

/** The query of a signed address. */
const readQuery = z.object({
  organization: z.string().optional(),
  until: z.string().optional(),
  signature: z.string().optional(),
});

const uploaded = z
  .object({
    id,
    metaId: z.string().meta({ description: "The file's id at Meta, for the parameters of a template." }),
    mimeType: z.string(),
    fileName: z.string().nullable(),
    sizeBytes: z.int(),
  })
  .meta({ id: "Uploaded" });

const address = z.object({ url: z.url(), expiresAt: moment }).meta({ id: "MediaAddress" });

const bytes = { schema: { $ref: "#/components/schemas/Bytes" } };
/** Customers send files of any type. */
const anyFile = { "*/*": bytes };

const text = { schema: { type: "string" as const } };
const fileHeaders = {
  ETag: text,
  "Accept-Ranges": text,
  "Content-Disposition": { description: "With the file's name.", ...text },
};

const readHeaders = z.object({
  range: z.string().optional(),
  "if-range": z.string().optional(),
  "if-none-match": z.string().optional(),
});

const postMedia = createRoute({
  method: "post",
  path: "/",
  operationId: "uploadMedia",
  summary: "Upload a file for sending",
  description:
    "The body is the file itself, with its Content-Type and Content-Length, within Meta's types and limits; or a form whose only part is `file`, with the file's own Content-Type. Send it by its `mediaId`.",
  ...forAgents,
  request: {
    query: uploadQuery,
    body: {
      required: true,
      content: {
        ...Object.fromEntries(uploadTypes.map((type) => [type, bytes])),
        "multipart/form-data": uploadForm,
      },
    },
  },
  responses: {
    201: created("The file is stored here and at Meta.", uploaded),
    ...problemResponses(
      "not_found",
      "length_required",
      "too_large",
      "unsupported_media_type",
      "meta_refused",
    ),
  },
});

const getMedia = createRoute({
  method: "get",
  path: "/{id}",
  operationId: "readMedia",
  summary: "Read a file",
  description:
    "Takes a token or a signed address. Supports Range, If-Range and If-None-Match. Files other than images, audio and video are attachments.",
  security: [{ bearer: [] }, { signedAddress: [] }],
  request: { params: mediaParams, query: readQuery, headers: readHeaders },
  responses: {
    200: { description: "The file.", headers: fileHeaders, content: anyFile },
    206: {
      description: "The requested range.",
      headers: { ...fileHeaders, "Content-Range": text },
      content: anyFile,
    },
    304: { description: "Not modified since If-None-Match.", headers: fileHeaders },
    ...problemResponses("not_found", "media_pending", "media_gone", "range_not_satisfiable"),
  },
});

const postAddress = createRoute({
  method: "post",
  path: "/{id}/address",
  operationId: "createMediaAddress",
  summary: "Create a signed address of a file",
  description:
    "For `<img>` and the like: it needs no token, and grants access to this one file for ten minutes.",
  ...forAgents,
  request: { params: mediaParams },
  responses: { 200: json("The signed address.", address), ...problemResponses("not_found") },
});

const postRetry = createRoute({
  method: "post",
  path: "/{id}/retry",
  operationId: "retryMedia",
  summary: "Fetch a file from Meta again",
  description:
    "Starts at once, with a new series of attempts. Works for files that are `retrying` or `refused`.",
  ...forAgents,
  request: { params: mediaParams },
  responses: {
    202: json("The file is being fetched.", media),
    ...problemResponses("not_found", "media_not_open"),
  },
});

/** The body is the file, or a form with it. */
async function uploadedFile({ headers, body }: Request) {
  const mimeType = headers.get("content-type");
  const length = headers.get("content-length");
  const sizeBytes = length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
  if (mimeType === null || body === null || !/^multipart\/form-data\s*(;|$)/i.test(mimeType))
    return { fileName: null, mimeType, sizeBytes, slackBytes: 0, body };
  return await openMultipartFile(body, mimeType, sizeBytes);
}

/** Mounted at `/api/waba/media`, behind `requireMediaReader`. */
export const mediaRoutes = newRouter()
  .openapi(postMedia, async (c) => {
    const { organizationPhoneId, ...query } = c.req.valid("query");
    const { agent, db } = c.var.ctx;
    const file = await uploadedFile(c.req.raw);
    const checked = z.object({ fileName }).safeParse({ fileName: file.fileName ?? undefined });
    if (!checked.success) refuseInvalid({ ...checked, target: "form" });
    const stored = await uploadFile(c.env, db, {
      ...file,
      organizationId: agent.organizationId,
      organizationPhoneId,
      fileName: query.fileName ?? file.fileName,
    });
    c.header("Location", `/api/waba/media/${stored.id}`);
    return c.json(stored, 201);
  })
  .openapi(getMedia, async (c) => {
    const { organizationId, db } = c.var.reader;
    const file = await openFile(c.env, db, organizationId, c.req.valid("param").id);
    return await fileResponse(c, file);
  })
  .openapi(postAddress, async (c) => {
    const { agent, db } = c.var.ctx;
    const { id } = c.req.valid("param");
    if (!(await fileOf(db, agent.organizationId, id)))
      throw new AppError("not_found", `No such file: ${id}.`);
    const target = { organizationId: agent.organizationId, mediaId: id };
    const { signingKeys } = readConfig(c.env);
    const { query, expiresAt } = await signAddress(target, c.var.tokenExpiresAtMs, signingKeys, new Date());
    const { origin } = new URL(c.req.url);
    return c.json(
      { url: `${origin}/api/waba/media/${id}?${query}`, expiresAt: expiresAt.toISOString() },
      200,
    );
  })
  .openapi(postRetry, async (c) => c.json(await retryFile(c.var.ctx, c.req.valid("param").id), 202));
