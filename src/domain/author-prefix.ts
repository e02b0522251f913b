import type { GroupSender } from "./common-fields.ts";

/** What the preview of a group's message begins with: who wrote, and a colon. Empty outside of groups, and where neither is known. */
export function authorPrefix(sender: GroupSender | null | undefined): string {
  const author = sender?.name ?? (sender?.phone ? `+${sender.phone}` : null);
  return author === null ? "" : `${author}: `;
}
