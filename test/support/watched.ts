import { eq, sql } from "drizzle-orm";
import { chats } from "../../src/db/chat-tables.ts";
import { organizations } from "../../src/db/organization-tables.ts";
import { db } from "./build.ts";

/** Whether the chat's row says that somebody watches. */
export async function isChatWatched(id: number): Promise<boolean> {
  const watched = sql<boolean>`coalesce(${chats.watchedUntil} > now(), false)`;
  const [row] = await db.select({ watched }).from(chats).where(eq(chats.id, id));
  if (!row) throw new Error(`there is no chat ${id}`);
  return row.watched;
}

/** The mark has run out. */
export async function unwatch({ id }: { id: number }): Promise<void> {
  await db
    .update(chats)
    .set({ watchedUntil: new Date(0) })
    .where(eq(chats.id, id));
}

export async function unwatchInbox({ organizationId }: { organizationId: number }): Promise<void> {
  await db
    .update(organizations)
    .set({ watchedUntil: new Date(0) })
    .where(eq(organizations.id, organizationId));
}

export async function isInboxWatched(organizationId: number): Promise<boolean> {
  const watched = sql<boolean>`coalesce(${organizations.watchedUntil} > now(), false)`;
  const [row] = await db.select({ watched }).from(organizations).where(eq(organizations.id, organizationId));
  if (!row) throw new Error(`there is no organization ${organizationId}`);
  return row.watched;
}
