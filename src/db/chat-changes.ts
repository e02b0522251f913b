import { sql } from "drizzle-orm";
import type { Activity, ActivityKind } from "../domain/activity.ts";
import type { ChatStatus } from "../domain/chat.ts";
import { type ChatKey, hasChat } from "./chats.ts";
import { type Db, singleRow } from "./client.ts";
import { type Committed, type CommittedRows, nothingCommitted, toCommitted } from "./committed.ts";
import { type ActivityRow, toActivity } from "./team-rows.ts";

/** What agents change of a chat. `assigneeId` null: of nobody. */
export type ChatChange =
  | { kind: "assign"; assigneeId: number | null; ifAssigneeId?: number | null | undefined }
  | { kind: "status"; status: ChatStatus; snoozedUntil: Date | null }
  /** Nothing is unread but the customer's last message. */
  | { kind: "unread" }
  | { kind: "label" | "unlabel"; labelId: number };

/** The most labels of a chat; the SQL function `change_chat` checks it. */
export const MOST_LABELS = 20;

export type ChangedChat =
  /** `chatId`: another one's when the chat was merged into that. */
  | { kind: "changed"; chatId: number; committed: Committed }
  /** It is assigned to somebody else than `ifAssigneeId` says. */
  | { kind: "taken"; assignee: { id: number; name: string } | null }
  | { kind: "no_agent" | "no_label" | "too_many_labels" };

type ChangedChatRows =
  | Exclude<ChangedChat, { kind: "changed" }>
  | { kind: "changed"; chatId: number; committed: CommittedRows };

/** Makes one change of a chat, as one numbered event; none when it already is so. Null when there is no such chat. */
export async function changeChat(
  db: Db,
  { id, organizationId }: ChatKey,
  change: ChatChange,
  agentId: number,
): Promise<ChangedChat | null> {
  const wanted = JSON.stringify({ ...change, data: eventData(change) });
  const { rows } = await db.execute<{ changed: ChangedChatRows | null }>(
    sql`select change_chat(${organizationId}::int, ${id}::int, ${agentId}::int, ${wanted}::jsonb) as changed`,
  );
  const { changed } = singleRow(rows);
  return changed?.kind === "changed" ? { ...changed, committed: toCommitted(changed.committed) } : changed;
}

const statusActivities = {
  open: "reopened",
  snoozed: "snoozed",
  closed: "closed",
} as const satisfies Record<ChatStatus, ActivityKind>;

/** What the event of a change records, in the form of `ActivityRow`. Marking as unread is no line of the thread. */
function eventData(change: ChatChange) {
  switch (change.kind) {
    case "assign":
      return { activity: "assigned", assigneeId: change.assigneeId };
    case "status":
      return { activity: statusActivities[change.status], snoozedUntil: change.snoozedUntil };
    case "unread":
      return { isMarkedUnread: true };
    case "label":
      return { activity: "labeled", labelId: change.labelId };
    case "unlabel":
      return { activity: "unlabeled", labelId: change.labelId };
    default:
      return change satisfies never;
  }
}

/** Opens the chats whose snooze has ended, at most `limit`. */
export async function wakeSnoozedChats(db: Db, limit: number): Promise<Committed> {
  const { rows } = await db.execute<{ woken: CommittedRows }>(
    sql`select wake_snoozed(${limit}::int) as woken`,
  );
  const woken = rows[0]?.woken;
  return woken ? toCommitted(woken) : nothingCommitted;
}

/** A chat's activities below a number (null: from the newest), newest first. Null when the organization has no such chat. */
export async function activitiesBefore(
  db: Db,
  key: ChatKey,
  before: number | null,
  limit: number,
): Promise<Activity[] | null> {
  const { rows } = await db.execute<{ row: ActivityRow }>(sql`
    select activity_json(e) as row from "ChatEvent" e join "Chat" c on c.id = e."chatId"
    where e."chatId" = ${key.id}::int and c."organizationId" = ${key.organizationId}::int and e.data ? 'activity'
      and e.seq < ${before ?? 2_147_483_647}::int
    order by e.seq desc limit ${limit}::int`);
  if (rows.length === 0 && !(await hasChat(db, key))) return null;
  return rows.map(({ row }) => toActivity(row));
}
