import { mediaBucketOf } from "../config.ts";
import type { Db } from "../db/client.ts";
import { fileOf, type MediaFile, RETENTION_PROBLEM, settleFile } from "../db/media.ts";
import { AppError } from "../errors.ts";
import { errorName, log } from "../log.ts";
import { openPhoneGraph } from "../phones/phone-graph.ts";
import { isTokenDead } from "../phones/token-circuit-breaker.ts";
import { publish, undeliveredAfter } from "../realtime/publish.ts";
import { GraphError } from "../whatsapp/graph-error.ts";
import type { OpenedMedia } from "../whatsapp/graph-media.ts";
import { fromBucket, storageUnavailable } from "./bucket.ts";

const PUBLISH_CAP_MS = 150;
const PROXY_LIMIT_MS = 4 * 60_000;

/** Part of a file: `length` bytes from `offset`. */
export type Part = { offset: number; length: number };

/** A file that is there: what it is, and how to get its bytes. */
export type ReadableFile = {
  /** As the sender wrote it. */
  mimeType: string | null;
  fileName: string | null;
  /** Null while the file is proxied from Meta without an announced length. */
  sizeBytes: number | null;
  /** Identifies the content; null when the file is proxied from Meta. */
  etag: string | null;
  read: (part: Part | null) => Promise<ReadableStream>;
};

/**
 * Finds a file that is to be read: in the bucket, or else at Meta for as long as Meta has it. Throws `not_found` (also for
 * another organization's), `media_pending`, `media_gone`, `unavailable`.
 */
export async function openFile(env: Env, db: Db, organizationId: number, id: number): Promise<ReadableFile> {
  const file = await fileOf(db, organizationId, id);
  if (!file) throw new AppError("not_found", `No such file: ${id}.`);
  const { state, problem } = file;
  if (state === "pending" || state === "retrying") {
    throw new AppError(
      "media_pending",
      "The file is still being fetched from Meta. Try again in a few seconds.",
      {
        mediaState: state,
        mediaProblem: problem,
        retryAfter: 5,
      },
    );
  }
  if (state !== "stored") throw gone(file);
  const { objectKey } = file;
  const bucket = mediaBucketOf(env);
  const head = bucket && objectKey !== null ? await fromBucket(bucket.head(objectKey)) : null;
  if (!bucket || !head || objectKey === null) return await proxyFromMeta(env, db, file);
  return {
    mimeType: file.mimeType,
    fileName: file.fileName,
    sizeBytes: head.size,
    etag: head.httpEtag,
    read: async (part) => {
      const object = await fromBucket(bucket.get(objectKey, part ? { range: part } : {}));
      if (!object) throw storageUnavailable();
      return object.body;
    },
  };
}

/** Without the bytes of our own: straight from Meta. Asked at once, because only then it is known whether it is there. */
async function proxyFromMeta(env: Env, db: Db, file: MediaFile): Promise<ReadableFile> {
  const opened = await openAtMeta(env, db, file);
  if (opened.kind === "gone") {
    if (file.expiresAt !== null && file.expiresAt > new Date()) throw unavailableNow();
    const change = { state: "expired" as const, problem: "not_found", attempts: file.attempts + 1 };
    const committed = await settleFile(
      db,
      file.id,
      { expected: ["stored"], attempts: file.attempts },
      change,
    );
    if (committed) await undeliveredAfter(publish(env, committed), PUBLISH_CAP_MS);
    throw gone({ ...file, ...change });
  }
  if (opened.kind !== "open") throw unavailableNow();
  return {
    mimeType: file.mimeType ?? opened.mimeType,
    fileName: file.fileName,
    sizeBytes: opened.sizeBytes,
    etag: null,
    read: async () => opened.body,
  };
}

async function openAtMeta(env: Env, db: Db, file: MediaFile): Promise<OpenedMedia> {
  if (file.metaId === null) return { kind: "gone" };
  try {
    const { client, phoneNumberId } = await openPhoneGraph(env, db, file.organizationPhoneId);
    const { url } = await client.mediaFacts(file.metaId, phoneNumberId);
    return await client.openMedia(url, PROXY_LIMIT_MS);
  } catch (error) {
    if (error instanceof GraphError && error.outcome === "failed" && !isTokenDead(error)) {
      return { kind: "gone" };
    }
    const { organizationPhoneId, id: mediaId } = file;
    log("request_failed", {
      organizationPhoneId,
      mediaId,
      route: "media from Meta",
      error: errorName(error),
    });
    return { kind: "trouble" };
  }
}

function gone({ state, problem }: Pick<MediaFile, "state" | "problem">): AppError {
  const why = {
    expired: "Meta deleted the file before it could be fetched. Ask the customer to send it again.",
    retention: "The file was removed, as old files are here. Ask the customer to send it again.",
    refused: "The file was not stored.",
  }[problem === RETENTION_PROBLEM ? problem : state === "expired" ? state : "refused"];
  return new AppError("media_gone", why, { mediaState: state, mediaProblem: problem });
}

function unavailableNow(): AppError {
  return new AppError("unavailable", "Meta does not return the file right now. Try again.", {
    retryAfter: 30,
  });
}
