import type { Chat } from "./chat.ts";
import type { Message } from "./message.ts";
import type { Snippet } from "./snippet.ts";

/** A message that a search found, as a preview, with its chat and what was found in its text. */
export type FoundMessage = { message: Message; chat: Chat; snippet: Snippet };
