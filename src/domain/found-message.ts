import type { Chat } from "./chat.ts";
import type { Message } from "./message.ts";
import type { Snippet } from "./snippet.ts";

/**
 * A message that a search found, as a preview, with its chat and what was found in its text. `byNumber`: no message has all words of
 * the query, and this one has its numbers.
 */
export type FoundMessage = { message: Message; chat: Chat; snippet: Snippet; byNumber: boolean };
