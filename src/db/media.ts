import { and, asc, eq, lte, min, sql } from "drizzle-orm";
import type { MediaState } from "../domain/message.ts";
import type { Db } from "./client.ts";
import { type Committed, type CommittedRows, toCommitted } from "./committed.ts";
import { media } from "./media-tables.ts";

const WAITING: MediaState[] = ["pending", "retrying"];

const columns = {
  id: media.id,
  organizationId: media.organizationId,
  organizationPhoneId: media.organizationPhoneId,
  metaId: media.metaId,
  objectKey: media.objectKey,
  expiresAt: media.expiresAt,
  fromMe: media.fromMe,
  state: media.state,
  mimeType: media.mimeType,
  fileName: media.fileName,
  sha256: media.sha256,
  sizeBytes: media.sizeBytes,
  problem: media.problem,
  attempts: media.attempts,
};

/** A file as it is known; `metaId` is Meta's name for it until `expiresAt`. */
export type MediaFile = {
  id: number;
  organizationId: number;
  organizationPhoneId: number;
  metaId: string | null;
  objectKey: string | null;
  expiresAt: Date | null;
  fromMe: boolean;
  state: MediaState;
  mimeType: string | null;
  fileName: string | null;
  sha256: string | null;
  sizeBytes: number | null;
  problem: string | null;
  attempts: number;
};

/** One that is to be fetched. */
export type WaitingFile = Pick<
  MediaFile,
  "id" | "organizationId" | "organizationPhoneId" | "metaId" | "sha256" | "problem" | "attempts" | "expiresAt"
>;

/** What became of a file; what is left out stays, but for `problem` and `nextAttemptAt`, which end. */
export type FileChange = {
  state: MediaState;
  attempts: number;
  problem?: string;
  nextAttemptAt?: Date;
  objectKey?: string | null;
  sizeBytes?: number | null;
  mimeType?: string | null;
};

/** The number's files that are due to be fetched, those that have waited longest first. */
export async function dueFiles(
  db: Db,
  organizationPhoneId: number,
  now: Date,
  limit: number,
): Promise<number[]> {
  const rows = await db
    .select({ id: media.id })
    .from(media)
    .where(and(waitingOf(organizationPhoneId), lte(media.nextAttemptAt, now)))
    .orderBy(asc(media.nextAttemptAt), asc(media.id))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** When the number's next file is due; null when none waits. */
export async function nextFileDueAt(db: Db, organizationPhoneId: number): Promise<Date | null> {
  const [row] = await db
    .select({ dueAt: min(media.nextAttemptAt) })
    .from(media)
    .where(waitingOf(organizationPhoneId));
  return row?.dueAt ?? null;
}

/** The numbers that have files which are due. */
export async function phonesWithDueFiles(db: Db, now: Date): Promise<number[]> {
  const rows = await db
    .selectDistinct({ id: media.organizationPhoneId })
    .from(media)
    .where(and(inState(), lte(media.nextAttemptAt, now)));
  return rows.map(({ id }) => id);
}

/** Null once it does not wait any more. */
export async function waitingFile(db: Db, id: number): Promise<WaitingFile | null> {
  const [row] = await db
    .select(columns)
    .from(media)
    .where(and(eq(media.id, id), inState()));
  return row ?? null;
}

/**
 * Writes down what became of a file that stands in one of the states `expected`, and was tried `held` times: one change of
 * each chat that shows it. Null when it stands elsewhere.
 */
export async function settleFile(
  db: Db,
  id: number,
  { expected = WAITING, attempts }: { expected?: MediaState[]; attempts: number },
  change: FileChange,
): Promise<Committed | null> {
  const { rows } = await db.execute<{ committed: CommittedRows | null }>(
    sql`select settle_media(${id}, ${`{${expected.join(",")}}`}::text[], ${attempts}, ${JSON.stringify(change)}::json) as committed`,
  );
  const committed = rows[0]?.committed;
  return committed ? toCommitted(committed) : null;
}

/**
 * A file of this organization that somebody may see: not one that only revoked messages show. Null when there is none.
 */
export async function fileOf(db: Db, organizationId: number, id: number): Promise<MediaFile | null> {
  const isShown = sql`(not exists (select from "Message" m where m."mediaId" = ${media.id})
    or exists (select from "Message" m where m."mediaId" = ${media.id} and m."revokedAt" is null))`;
  const [row] = await db
    .select(columns)
    .from(media)
    .where(and(eq(media.id, id), eq(media.organizationId, organizationId), isShown));
  return row ?? null;
}

/** The file that a message of ours brings along, when we have it. */
export async function fileToSend(db: Db, messageId: number): Promise<MediaFile | null> {
  const [row] = await db
    .select(columns)
    .from(media)
    .where(
      and(
        sql`${media.id} = (select m."mediaId" from "Message" m where m.id = ${messageId})`,
        eq(media.fromMe, true),
      ),
    );
  return row ?? null;
}

export type Upload = {
  organizationId: number;
  organizationPhoneId: number;
  metaId: string;
  mimeType: string;
  fileName: string | null;
  sha256: string;
  sizeBytes: number;
  objectKey: string | null;
  expiresAt: Date;
};

/** Writes down a file that was uploaded to Meta; gives its id. */
export async function addUpload(db: Db, upload: Upload): Promise<number> {
  const [row] = await db
    .insert(media)
    .values({ ...upload, fromMe: true, state: "stored", storedAt: sql`now()` })
    .returning({ id: media.id });
  if (!row) throw new Error("the file was not written down");
  return row.id;
}

/** Meta has the file under a new id. */
export async function renewUpload(db: Db, id: number, metaId: string, expiresAt: Date): Promise<void> {
  await db.update(media).set({ metaId, expiresAt }).where(eq(media.id, id));
}

function waitingOf(organizationPhoneId: number) {
  return and(eq(media.organizationPhoneId, organizationPhoneId), inState());
}

/** Spelled as the index is, so that Postgres takes it. */
function inState() {
  return sql`${media.state} in ('pending', 'retrying')`;
}
