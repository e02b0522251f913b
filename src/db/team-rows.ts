import type { Activity } from "../domain/activity.ts";
import type { ChatNote } from "../domain/chat-note.ts";
import { type Moment, rfc3339, toRfc3339 } from "./rows.ts";

/** An event of "ChatEvent" that is an activity, as the SQL function `activity_json` returns it. */
export type ActivityRow = {
  seq: number;
  agentId: number | null;
  createdAt: Moment;
  data: { activity: Activity["kind"] } & Partial<
    Pick<Activity, "assigneeId" | "previousAssigneeId" | "snoozedUntil" | "labelId">
  >;
};

export function toActivity({ seq, agentId, createdAt, data }: ActivityRow): Activity {
  const {
    activity: kind,
    assigneeId = null,
    previousAssigneeId = null,
    snoozedUntil = null,
    labelId = null,
  } = data;
  return {
    seq,
    kind,
    agentId,
    assigneeId,
    previousAssigneeId,
    snoozedUntil,
    labelId,
    createdAt: rfc3339(createdAt),
  };
}

/** A note as the SQL function `note_json` returns it. */
export type NoteRow = Omit<ChatNote, "createdAt" | "editedAt" | "deletedAt"> &
  Record<"createdAt", Moment> &
  Record<"editedAt" | "deletedAt", Moment | null>;

export function toNote(row: NoteRow): ChatNote {
  return {
    ...row,
    createdAt: rfc3339(row.createdAt),
    editedAt: toRfc3339(row.editedAt),
    deletedAt: toRfc3339(row.deletedAt),
  };
}
