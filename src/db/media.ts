import { and, eq, lte, min, sql } from "drizzle-orm";
import type { MediaState } from "../domain/message.ts";
import type { Db } from "./client.ts";
import { type Committed, type CommittedRows, toCommitted } from "./committed.ts";
import { media } from "./media-tables.ts";

/** Of a file that was removed because it was old. */
export const RETENTION_PROBLEM = "retention";

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

/** A stored or expected file; `metaId` is valid at Meta until `expiresAt`. */
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

/** A file that is to be fetched. */
export type WaitingFile = Pick<
  MediaFile,
  "id" | "organizationId" | "organizationPhoneId" | "metaId" | "sha256" | "problem" | "attempts" | "expiresAt"
>;

/** The outcome of a fetch; what is left out stays, except `problem` and `nextAttemptAt`, which are cleared. */
export type FileChange = {
  state: MediaState;
  attempts: number;
  problem?: string;
  nextAttemptAt?: Date;
  objectKey?: string | null;
  sizeBytes?: number | null;
  mimeType?: string | null;
};

/** The number's files that are due to be fetched, the longest waiting first. */
export async function dueFiles(
  db: Db,
  organizationPhoneId: number,
  now: Date,
  limit: number,
): Promise<number[]> {
  const { rows } = await db.execute<{ id: number }>(
    sql`select due_files(${organizationPhoneId}::int, ${now.toISOString()}::timestamptz, ${limit}::int) as id`,
  );
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

/** The business numbers with files that are due. */
export async function phonesWithDueFiles(db: Db, now: Date): Promise<number[]> {
  const rows = await db
    .selectDistinct({ id: media.organizationPhoneId })
    .from(media)
    .where(and(inState(), lte(media.nextAttemptAt, now)));
  return rows.map(({ id }) => id);
}

/** Null when the file no longer waits. */
export async function waitingFile(db: Db, id: number): Promise<WaitingFile | null> {
  const [row] = await db
    .select(columns)
    .from(media)
    .where(and(eq(media.id, id), inState()));
  return row ?? null;
}

/**
 * Records the outcome for a file that is in one of the `expected` states and was tried `attempts` times, as one change of each
 * chat that shows it. Null when that no longer holds.
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
 * A file of this organization, unless only revoked messages show it, or none any more after an edit, or only the row of an echo that
 * gave way to the message itself. Null when there is none.
 */
export async function fileOf(db: Db, organizationId: number, id: number): Promise<MediaFile | null> {
  const isShown = sql`(${media.fromMe} and not exists (select from "Message" m where m."mediaId" = ${media.id})
    or exists (select from "Message" m where m."mediaId" = ${media.id} and m."revokedAt" is null
      and (m.amends is null or m.amends not in ('edit', 'echo'))))`;
  const [row] = await db
    .select(columns)
    .from(media)
    .where(and(eq(media.id, id), eq(media.organizationId, organizationId), isShown));
  return row ?? null;
}

/** The file of an outgoing message, when we have one. */
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

/** Stores a file that was uploaded to Meta; returns its id. */
export async function addUpload(db: Db, upload: Upload): Promise<number> {
  const [row] = await db
    .insert(media)
    .values({ ...upload, fromMe: true, state: "stored", storedAt: sql`now()` })
    .returning({ id: media.id });
  if (!row) throw new Error("The file was not stored.");
  return row.id;
}

/** Stores the new id of a file that was uploaded again. */
export async function renewUpload(db: Db, id: number, metaId: string, expiresAt: Date): Promise<void> {
  await db.update(media).set({ metaId, expiresAt }).where(eq(media.id, id));
}

function waitingOf(organizationPhoneId: number) {
  return and(eq(media.organizationPhoneId, organizationPhoneId), inState());
}

/** Files that are to be fetched. Written like the predicate of the index, so that Postgres uses it. */
export function inState() {
  return sql`${media.state} in ('pending', 'retrying')`;
}
