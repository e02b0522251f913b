import type { Contact } from "../../domain/chat.ts";
import { foldText } from "../../domain/fold-text.ts";
import type { QuickReply } from "../../domain/label.ts";
import { nameOfContact } from "./format.ts";

/** What is looked for when a message begins with a slash; null when it does not, or is an address or a sentence. */
export function quickReplyQuery(text: string): string | null {
  return /^\/[\p{L}\p{N}_-]*$/u.test(text) ? text.slice(1) : null;
}

/** Those whose shortcut or text matches, by shortcut first. */
export function findQuickReplies(replies: readonly QuickReply[], query: string): QuickReply[] {
  const wanted = foldText(query);
  const byShortcut = replies.filter(({ shortcut }) => foldText(shortcut).startsWith(wanted));
  const byText = replies.filter(
    (reply) => !byShortcut.includes(reply) && foldText(reply.text).includes(wanted),
  );
  return [...byShortcut, ...byText];
}

/** The text with the contact's name; what is not known stays, to be filled in by hand. */
export function fillQuickReply(text: string, contact: Contact): string {
  const name = contact.name || contact.profileName || contact.username ? nameOfContact(contact) : null;
  return text.replaceAll(/\{\{\s*contact\.name\s*\}\}/g, (place) => name ?? place);
}

/** The first place that is left to fill in, such as `{{order}}`; null when there is none. */
export function unfilledPlace(text: string): string | null {
  return /\{\{[^{}\n]{1,60}\}\}/.exec(text)?.[0] ?? null;
}
