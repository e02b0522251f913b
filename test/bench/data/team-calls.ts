import {
  agentFor,
  organizationOf,
  pageOfAgents,
  preferencesOf,
  setPreferences,
  setReplyTakesChat,
} from "../../../src/db/agents.ts";
import {
  activitiesBefore,
  type ChatChange,
  changeChat,
  wakeSnoozedChats,
} from "../../../src/db/chat-changes.ts";
import { addNote, changeNote, notesBefore } from "../../../src/db/chat-notes.ts";
import { countChats, currentChats, hasChat, markChatRead, pageOfChats } from "../../../src/db/chats.ts";
import { changeLabel, createLabel, deleteLabel, pageOfLabels } from "../../../src/db/labels.ts";
import { findOrganization } from "../../../src/db/organizations.ts";
import {
  changeQuickReply,
  createQuickReply,
  deleteQuickReply,
  pageOfQuickReplies,
} from "../../../src/db/quick-replies.ts";
import { searchContacts, searchMessages } from "../../../src/db/search.ts";
import { type Call, reading, writing } from "./call.ts";
import { CHAT_OF_NOTES, MENTIONING_CHATS } from "./rare-rows.ts";
import type { RareTargets } from "./rare-targets.ts";
import { LONGEST_CHAT, type Seeded } from "./seed-shape.ts";

/** Whether another note still mentions a colleague: it reads the chat's notes. */
const NOTES_ALLOWANCE = { perRow: 4, extra: 450 };
/** A list by label reads and sorts all chats that have it. */
const LABEL_ALLOWANCE = { perRow: 2, extra: 60 };
/** Counts do so too, and then read all that mention the agent. */
const LABEL_COUNT_ALLOWANCE = { perRow: 2, extra: 60 + MENTIONING_CHATS };
/** A page of search results reads the newest messages: 5,000, then five times as many (`find_messages`). */
const SEARCH_ALLOWANCE = {
  perRow: 3,
  extra: 30,
  more: { MessageSearch: 31_000, "Subquery Scan": 31_000, "Function Scan": 1_000 },
};
/** An organization has few enough to be sorted. */
const REPLIES_ALLOWANCE = { perRow: 2, extra: 250 };
/** Chats of at most 500 contacts are sorted. */
const PEOPLE_ALLOWANCE = { perRow: 2, extra: 510 };

/** What agents do with chats, notes and labels; and what they search. */
export function teamCalls(
  { organizationId, agentIds }: Seeded,
  { labels, quickReplies }: RareTargets,
): Call[] {
  const [agentId = 0, colleague = 0] = agentIds;
  const longest = { id: LONGEST_CHAT, organizationId };
  const changing = (name: string, change: ChatChange) =>
    writing(`${name} a chat`, (db) => changeChat(db, longest, change, agentId));
  const search = (query: string) => (db: Parameters<Call["run"]>[0]) =>
    searchMessages(db, organizationId, query, null, 20);
  const name = `Label ${Date.now()}`;
  let noteId = 0;
  return [
    changing("assign", { kind: "assign", assigneeId: colleague }),
    changing("assign back", { kind: "assign", assigneeId: agentId, ifAssigneeId: colleague }),
    changing("snooze", { kind: "status", status: "snoozed", snoozedUntil: new Date(Date.now() - 60_000) }),
    writing("open the chats whose snooze has ended", (db) => wakeSnoozedChats(db, 200)),
    changing("close", { kind: "status", status: "closed", snoozedUntil: null }),
    changing("label", { kind: "label", labelId: labels[0].id }),
    changing("unlabel", { kind: "unlabel", labelId: labels[0].id }),
    writing("mark all as read, as an agent does", (db) => markChatRead(db, longest, null, agentId)),
    changing("mark as unread", { kind: "unread" }),
    reading("activities", (db) => activitiesBefore(db, longest, null, 5)),
    writing("add a note", async (db) => {
      const added = await addNote(
        db,
        longest,
        agentId,
        { body: "Call back", mentions: [colleague] },
        `note ${Date.now()}`,
      );
      if (added?.kind === "added") noteId = added.note.id;
      return added;
    }),
    writing(
      "edit a note",
      (db) => changeNote(db, { id: noteId, organizationId }, agentId, { body: "Called back", mentions: [] }),
      NOTES_ALLOWANCE,
    ),
    writing("delete a note", (db) => changeNote(db, { id: noteId, organizationId }, agentId, null)),
    reading("notes", (db) => notesBefore(db, longest, null, 50)),
    reading("notes of the chat that has most of them", (db) =>
      notesBefore(db, { id: CHAT_OF_NOTES, organizationId }, null, 50),
    ),
    reading("whether a chat is the organization's", (db) => hasChat(db, longest)),
    writing("chats, to be published again", (db) => currentChats(db, [1, 2, 3, 4, 5])),
    reading(
      "list, with a label",
      (db) => pageOfChats(db, organizationId, { labelId: labels[1].id }, null, 30),
      LABEL_ALLOWANCE,
    ),
    reading(
      "counts, with a label",
      (db) => countChats(db, { organizationId, agentId }, { labelId: labels[1].id }),
      LABEL_COUNT_ALLOWANCE,
    ),
    reading(
      "list, with a note that mentions an agent",
      (db) => pageOfChats(db, organizationId, { mentionedId: agentId }, null, 30),
      LABEL_ALLOWANCE,
    ),
    reading("labels", (db) => pageOfLabels(db, organizationId, null, 50)),
    writing("create a label", (db) => createLabel(db, organizationId, { name, color: "red" }), {
      perRow: 0,
      extra: 100,
    }),
    reading("change a label", (db) =>
      changeLabel(db, organizationId, labels[0].id, { name: `${name}!`, color: "blue" }),
    ),
    reading("delete a label", (db) => deleteLabel(db, organizationId, labels[0].id)),
    reading("quick replies", (db) => pageOfQuickReplies(db, organizationId, null, 50), REPLIES_ALLOWANCE),
    reading("create a quick reply", (db) =>
      createQuickReply(db, organizationId, { shortcut: name, text: "Thank you" }),
    ),
    reading("change a quick reply", (db) =>
      changeQuickReply(db, organizationId, quickReplies[0].id, { shortcut: `${name}!`, text: "Thank you" }),
    ),
    reading("delete a quick reply", (db) => deleteQuickReply(db, organizationId, quickReplies[0].id)),
    reading("search for a frequent word", search("parcel"), SEARCH_ALLOWANCE),
    reading("search for two words", search("parcel invoice"), SEARCH_ALLOWANCE),
    reading("search for a word that is not there (none)", search("hippopotamus"), SEARCH_ALLOWANCE),
    reading("search for a number (none)", search("+7 999 123-45-67"), SEARCH_ALLOWANCE),
    reading(
      "search for people by name",
      (db) => searchContacts(db, organizationId, "anna", 20),
      PEOPLE_ALLOWANCE,
    ),
    reading(
      "search for people by phone",
      (db) => searchContacts(db, organizationId, "+7 916 000 17 33", 20),
      PEOPLE_ALLOWANCE,
    ),
    reading("the agent of a token", (db) =>
      agentFor(db, { organizationId, sub: "seeded-1", name: "Agent 1", role: "agent" }),
    ),
    reading("an organization by name", (db) => findOrganization(db, "1")),
    reading("an organization", (db) => organizationOf(db, organizationId)),
    reading("agents", (db) => pageOfAgents(db, organizationId, null, 50)),
    reading("set an organization's settings (none)", (db) => setReplyTakesChat(db, organizationId, false)),
    reading("set an agent's preferences (none)", (db) => setPreferences(db, agentId, {})),
    reading("an agent's preferences", (db) => preferencesOf(db, agentId)),
  ];
}
