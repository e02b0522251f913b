/**
 * The address of a chat, or with null of the list alone, under the filters of `search`, the query of the address that the page is
 * at. With `messageId` the chat opens around that message.
 */
export function inboxAddress(search: string, chatId: number | null, messageId: number | null = null): string {
  const query = new URLSearchParams(search);
  if (messageId === null) query.delete("message");
  else query.set("message", String(messageId));
  return `/inbox${chatId === null ? "" : `/${chatId}`}${query.size > 0 ? `?${query}` : ""}`;
}
