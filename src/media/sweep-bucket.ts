import { databaseUrlOf, mediaBucketOf } from "../config.ts";
import { CRON_LIMIT_MS, connect, type Db } from "../db/client.ts";
import { discardedKeys, discardObjects, forgetDiscarded } from "../db/retention.ts";
import { failpoint } from "../failpoint.ts";
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
    FAILPOINTS && (await failpoint("bucket.deleted"));
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
    const upload = organizationId === null ? null : await bucket.head(key);
    if (upload && organizationId !== null) {
      const hashes = await hashesOf(bucket, upload);
      await discardObjects(
        db,
        hashes.map((hash) => objectKeyOf(organizationId, hash)),
      );
    }
    await bucket.delete(key);
  }
}

/** The hashes that an upload's file may have: the file may be shorter than its form announced, by `slack`; then zeros follow it. */
async function hashesOf(bucket: R2Bucket, { key, size, customMetadata }: R2Object): Promise<Uint8Array[]> {
  const shortest = Math.max(1, size - Number(customMetadata?.slack ?? 0));
  const hashes: Uint8Array[] = [];
  for (let length = size; length >= shortest; length -= 1) {
    const object = await bucket.get(key, { range: { offset: 0, length } });
    if (object) hashes.push(await hashOf(object.body));
  }
  return hashes;
}

async function hashOf(body: ReadableStream): Promise<Uint8Array> {
  const digest = new crypto.DigestStream("SHA-256");
  await body.pipeTo(digest);
  return new Uint8Array(await digest.digest);
}
