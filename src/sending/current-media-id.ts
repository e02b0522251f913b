import { mediaBucketOf } from "../config.ts";
import type { Db } from "../db/client.ts";
import { fileToSend, renewUpload } from "../db/media.ts";
import type { PhoneGraph } from "../phones/phone-graph.ts";
import { UPLOAD_LIFE_MS } from "../whatsapp/graph-media.ts";
import { toHeaderType } from "../whatsapp/media-types.ts";

/** A send that begins now may be repeated for as long, and Meta's clock is not ours. */
const MARGIN_MS = 60 * 60_000;
/** Less than an attempt has before it must call Graph; an upload that was done late is found by the next one. */
const RENEW_LIMIT_MS = 25_000;

/**
 * Meta's id of the file that a message carries. It may differ from the stored one: Meta deletes an
 * upload after 30 days, and then the file is uploaded again. Null when the message brings none of ours. Throws when it
 * cannot be uploaded: then nothing was sent.
 */
export async function currentMetaId(
  env: Env,
  db: Db,
  { client, phoneNumberId }: PhoneGraph,
  messageId: number,
): Promise<string | null> {
  const file = await fileToSend(db, messageId);
  if (!file) return null;
  const { id, metaId, expiresAt, objectKey, mimeType, fileName } = file;
  if (metaId !== null && expiresAt !== null && expiresAt.getTime() > Date.now() + MARGIN_MS) return metaId;
  const object = objectKey === null ? null : await mediaBucketOf(env)?.get(objectKey);
  // Without our own copy the old id is sent, and Meta reports what is wrong with it.
  if (!object) return metaId;
  const upload = {
    body: object.body,
    sizeBytes: object.size,
    mimeType: toHeaderType(mimeType),
  };
  const renewed = await client.uploadMedia(phoneNumberId, { ...upload, fileName }, RENEW_LIMIT_MS);
  await renewUpload(db, id, renewed, new Date(Date.now() + UPLOAD_LIFE_MS));
  return renewed;
}
