import { mediaBucketOf } from "../config.ts";
import type { Db } from "../db/client.ts";
import { addUpload } from "../db/media.ts";
import { findPhone } from "../db/organization-phones.ts";
import { toHex } from "../encoding.ts";
import { AppError, invalidField } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { toRefusal } from "../phones/graph-refusal.ts";
import { openPhoneGraph, type PhoneGraph } from "../phones/phone-graph.ts";
import { UPLOAD_LIFE_MS } from "../whatsapp/graph-media.ts";
import { mediaTypeOf, toMetaType, uploadTypes } from "../whatsapp/media-types.ts";
import { fromBucket, objectKeyOf, storageUnavailable, uploadKeyOf } from "./bucket.ts";
import { type Hashed, hashing } from "./hashing.ts";

export type UploadRequest = {
  organizationId: number;
  organizationPhoneId: number;
  fileName: string | null;
  mimeType: string | null;
  /** At most so many bytes, and at least `slackBytes` fewer. */
  sizeBytes: number | null;
  slackBytes: number;
  body: ReadableStream<Uint8Array> | null;
};

/** `metaId`: the file's id at Meta, which parameters of templates take. */
export type Uploaded = {
  id: number;
  metaId: string;
  mimeType: string;
  fileName: string | null;
  sizeBytes: number;
};

/**
 * Keeps a file that is to be sent and uploads it to Meta; never holds it. Throws `not_found` (no such number),
 * `unsupported_media_type`, `length_required`, `too_large`, `invalid_request` (shorter or longer than announced), `meta_refused`, `unavailable` (the bucket).
 */
export async function uploadFile(env: Env, db: Db, request: UploadRequest): Promise<Uploaded> {
  const { organizationId, organizationPhoneId, fileName } = request;
  const { body, mimeType, sizeBytes, limitBytes } = checked(request);
  if (!(await findPhone(db, organizationId, organizationPhoneId))) {
    throw new AppError("not_found", `No such phone: ${organizationPhoneId}.`);
  }
  const graph = await openPhoneGraph(env, db, organizationPhoneId).catch((error: unknown) => {
    throw toRefusal(error);
  });
  const bucket = mediaBucketOf(env);
  const announced = { atMost: sizeBytes, slack: request.slackBytes };
  const hashed = hashing(body, announced, bucket !== null);
  if (!bucket) {
    const metaId = await toMeta(graph, { mimeType, fileName, sizeBytes, body: hashed.body }, hashed.broken);
    const sha256 = await hashed.sha256;
    const file = { mimeType, fileName, sizeBytes: measured(hashed, limitBytes) };
    return await record(db, request, file, { metaId, sha256, objectKey: null });
  }
  // The object's key is the file's hash, which is known at the end. Until its row is stored the upload stays too: by it the schedule
  // finds what a Worker that died has left behind.
  const draftKey = uploadKeyOf(organizationId);
  try {
    const customMetadata = { slack: String(request.slackBytes) };
    const isStored = await bucket.put(draftKey, hashed.body, { customMetadata }).catch(() => null);
    if (!isStored) throw hashed.broken() ?? storageUnavailable();
    FAILPOINTS && (await failpoint("upload.drafted"));
    const sha256 = await hashed.sha256;
    const file = { mimeType, fileName, sizeBytes: measured(hashed, limitBytes) };
    const draft = () => bodyOf(bucket, draftKey, file.sizeBytes);
    const metaId = await toMeta(graph, { ...file, body: await draft() }, () => null);
    const objectKey = objectKeyOf(organizationId, sha256);
    if (!(await fromBucket(bucket.head(objectKey)))) {
      const httpMetadata = { contentType: mimeType };
      await fromBucket(bucket.put(objectKey, await draft(), { sha256, httpMetadata }));
    }
    FAILPOINTS && (await failpoint("upload.stored"));
    return await record(db, request, file, { metaId, sha256, objectKey });
  } finally {
    // What stays is deleted by the schedule.
    await bucket.delete(draftKey).catch(() => undefined);
  }
}

function checked({ body, mimeType, sizeBytes, slackBytes }: UploadRequest) {
  const type = mimeType === null ? null : mediaTypeOf(mimeType);
  if (mimeType === null || !type) {
    throw new AppError(
      "unsupported_media_type",
      `WhatsApp does not support this file type. Supported types: ${uploadTypes.join(", ")}.`,
    );
  }
  if (body === null || sizeBytes === null)
    throw new AppError("length_required", "Send the file as the request body, with its Content-Length.");
  const { limitBytes } = type;
  if (sizeBytes - slackBytes > limitBytes) throw tooLarge(limitBytes, sizeBytes - slackBytes);
  if (sizeBytes === 0) throw empty();
  return { body, mimeType: toMetaType(mimeType), sizeBytes, limitBytes };
}

/** The file's own size, known at its end. */
function measured(hashed: Hashed, limitBytes: number): number {
  const sizeBytes = hashed.sizeBytes();
  if (sizeBytes === 0) throw empty();
  if (sizeBytes > limitBytes) throw tooLarge(limitBytes, sizeBytes);
  return sizeBytes;
}

function tooLarge(limitBytes: number, sizeBytes: number): AppError {
  return new AppError(
    "too_large",
    `A file of this type must not exceed ${limitBytes} bytes; yours has ${sizeBytes}.`,
  );
}

async function record(
  db: Db,
  { organizationId, organizationPhoneId }: UploadRequest,
  file: Omit<Uploaded, "id" | "metaId">,
  place: { metaId: string; sha256: Uint8Array; objectKey: string | null },
): Promise<Uploaded> {
  const id = await addUpload(db, {
    ...file,
    organizationId,
    organizationPhoneId,
    metaId: place.metaId,
    objectKey: place.objectKey,
    sha256: toHex(place.sha256),
    expiresAt: new Date(Date.now() + UPLOAD_LIFE_MS),
  });
  return { id, metaId: place.metaId, ...file };
}

async function bodyOf(bucket: R2Bucket, key: string, length: number): Promise<ReadableStream<Uint8Array>> {
  const object = await fromBucket(bucket.get(key, { range: { offset: 0, length } }));
  if (!object) throw storageUnavailable();
  return object.body;
}

/** `broken`: why the bytes ended badly, where it was they. */
async function toMeta(
  { client, phoneNumberId }: PhoneGraph,
  file: Parameters<PhoneGraph["client"]["uploadMedia"]>[1],
  broken: () => AppError | null,
): Promise<string> {
  try {
    return await client.uploadMedia(phoneNumberId, file);
  } catch (error) {
    throw broken() ?? toRefusal(error);
  }
}

function empty(): AppError {
  return invalidField("", "The file is empty.");
}
