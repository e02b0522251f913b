import { index, integer, pgTable } from "drizzle-orm/pg-core";
import { id, moment, tsvector } from "./columns.ts";

/**
 * The words of every message that a search can find, once: what stores a message writes them, and triggers on
 * "Message" again only when its text or time changes, not with every status. The SQL function `search_lexemes` says which words.
 * No foreign key: Postgres would lock the message's row for its check.
 */
export const messageSearch = pgTable(
  "MessageSearch",
  {
    messageId: integer().primaryKey(),
    organizationId: integer().notNull(),
    /** The message's own. */
    createdAt: moment().notNull(),
    lexemes: tsvector().notNull(),
  },
  (t) => [
    index("MessageSearch_lexemes_idx").using("gin", t.lexemes),
    // A frequent word is found among the newest messages: the other index has no order.
    index("MessageSearch_organizationId_createdAt_messageId_idx").on(
      t.organizationId,
      t.createdAt,
      t.messageId,
    ),
  ],
);

/** How far messages from before there was a search are indexed: down to this id, from the newest; 0 once all are. */
export const searchBackfill = pgTable("SearchBackfill", {
  id: id(),
  beforeMessageId: integer().notNull(),
});
