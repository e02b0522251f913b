import { databaseUrlOf, mediaBucketOf } from "../config.ts";
import { CRON_LIMIT_MS, connect, type Db } from "../db/client.ts";
import { discardedKeys, discardObjects, forgetDiscarded } from "../db/retention.ts";
import { objectKeyOf, UPLOADS, uploaderOf } from "./bucket.ts";

const BATCH_OBJECTS = 100;
/** An upload that is not over after this time has lost its Worker. */
const UPLOAD_LIMIT_MS = 60 * 60_000;

/** Deletes what no row names any more: discarded objects, and what uploads have left behind. */
export async function sweepBucket(env: Env, now: Date): Promise<void> {
  const bucket = mediaBucketOf(env);
  if (!bucket) return;
  await discardUploads(bucket, connect(databaseUrlOf(env), CRON_LIMIT_MS), now);
  await deleteDiscarded(env);
}

/** Deletes the objects that were discarded, unless another file has the same content. Safe to repeat. */
export async function deleteDiscarded(env: Env): Promise<void> {
  const bucket = mediaBucketOf(env);
  if (!bucket) return;
  const db = connect(databaseUrlOf(env), CRON_LIMIT_MS);
  for (;;) {
    const found = await discardedKeys(db, BATCH_OBJECTS);
    if (found.length === 0) return;
    const keys = found.map(({ objectKey }) => objectKey);
    const deleted = found.filter(({ isUsed }) => !isUsed).map(({ objectKey }) => objectKey);
    await bucket.delete(deleted);
    await forgetDiscarded(db, keys, deleted);
  }
}

/**
 * An upload whose Worker died leaves its bytes under its own key, and may leave them under that of their hash, with no row to name
 * them.
 */
async function discardUploads(bucket: R2Bucket, db: Db, now: Date): Promise<void> {
  const { objects } = await bucket.list({ prefix: UPLOADS, limit: BATCH_OBJECTS });
  for (const { key, uploaded } of objects) {
    const organizationId = uploaderOf(key);
    if (uploaded.getTime() > now.getTime() - UPLOAD_LIMIT_MS) continue;
    const object = organizationId === null ? null : await bucket.get(key);
    if (object && organizationId !== null)
      await discardObjects(db, [objectKeyOf(organizationId, await hashOf(object.body))]);
    await bucket.delete(key);
  }
}

async function hashOf(body: ReadableStream): Promise<Uint8Array> {
  const digest = new crypto.DigestStream("SHA-256");
  await body.pipeTo(digest);
  return new Uint8Array(await digest.digest);
}
