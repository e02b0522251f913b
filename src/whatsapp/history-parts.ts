import { isObject, type JsonObject, omit, pick } from "./json-text.ts";
import { SharedParts } from "./shared-parts.ts";

/** One old message, and its chunk with this message alone. */
export type OldItem = { item: unknown; alone: JsonObject };

/**
 * Takes the chunks of a history apart into their messages, and whatever else stands in them. Nothing is left out, and each
 * part is a chunk again.
 */
export function historyParts(chunks: unknown[]): { items: OldItem[]; rests: unknown[] } {
  const items: OldItem[] = [];
  const rests: unknown[] = [];
  for (const chunk of chunks) {
    const threads = isObject(chunk) && Array.isArray(chunk.threads) ? chunk.threads : [];
    if (!isObject(chunk) || threads.length === 0) {
      rests.push(chunk);
      continue;
    }
    const metadata = new SharedParts(pick(chunk, ["metadata"]));
    const beside = omit(chunk, ["metadata", "threads"]);
    if (Object.keys(beside).length > 0) rests.push({ ...metadata.next(), ...beside });
    for (const thread of threads) {
      const messages = isObject(thread) && Array.isArray(thread.messages) ? thread.messages : [];
      if (!isObject(thread) || messages.length === 0) {
        rests.push({ ...metadata.next(), threads: [thread] });
        continue;
      }
      const whose = new SharedParts(pick(thread, ["id", "context"]));
      const more = omit(thread, ["id", "context", "messages"]);
      const wrap = (inner: JsonObject) => ({ ...metadata.next(), threads: [{ ...whose.next(), ...inner }] });
      if (Object.keys(more).length > 0) rests.push(wrap(more));
      for (const item of messages) items.push({ item, alone: wrap({ messages: [item] }) });
    }
  }
  return { items, rests };
}
