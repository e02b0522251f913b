import { plural } from "./plural.ts";

const count = plural("en");

export const searchEn = {
  label: "Search chats and messages",
  placeholder: "Search",
  clear: "Clear the search",
  results: "Search results",
  chats: "Chats",
  messages: "Messages",
  byNumber: "Messages with the number only",
  searching: "Searching…",
  found: (chats: number, messages: number, hasMore: boolean) =>
    `Found: ${count(chats, { one: "chat", other: "chats" })}, ${count(messages, { one: "message", other: "messages" })}${hasMore ? " and more" : ""}`,
  nothing: (text: string) => `Nothing found for “${text}”`,
  nothingHint: "Try fewer words, or the beginning of a word. A phone or an order number is found too.",
  failed: "The search did not work",
  moreFailed: "Older messages could not be loaded.",
};
