import { createContext, type RefObject, use, useEffect, useRef } from "react";
import type { Contact } from "../../domain/chat.ts";
import type { AttachmentDrafts } from "../models/attachment-drafts.ts";
import type { KeyCommands } from "../models/key-commands.ts";
import type { LiveInbox } from "../models/live-inbox.ts";
import type { Notifier } from "../models/notifier.ts";
import type { Outbox } from "../models/outbox.ts";
import type { PageConnection } from "../models/page-connection.ts";
import type { ShortcutAction } from "../models/shortcuts.ts";
import type { VoiceDrafts } from "../models/voice-drafts.ts";

export type Inbox = {
  list: LiveInbox;
  outbox: Outbox;
  keys: KeyCommands;
  notifier: Notifier;
  connection: PageConnection;
  /** Called with a person who has another name. */
  renames: Set<(person: Contact) => void>;
  owner: string;
  voiceDrafts: VoiceDrafts;
  attachmentDrafts: AttachmentDrafts;
  /** Called with the chat whose draft was changed by other than its composer. */
  draftReaders: Set<(chatId: number) => void>;
  /** Whether the chat that opens next wants the focus in its composer: it was opened with a mouse, to answer it. */
  wantsComposer: RefObject<boolean>;
  /** How far each list was scrolled when it was last there, in pixels by the list's name. */
  scrolls: Map<string, number>;
};

export const InboxContext = createContext<Inbox | null>(null);

/** Does `handler` when the keys of `action` are pressed, as long as the component is there. */
export function useShortcut(action: ShortcutAction, handler: () => void): void {
  const { keys } = useInbox();
  const latest = useRef(handler);
  latest.current = handler;
  useEffect(() => keys.register(action, () => latest.current()), [keys, action]);
}

export function useInbox(): Inbox {
  const inbox = use(InboxContext);
  if (!inbox) throw new Error("There is no InboxContext around this component.");
  return inbox;
}
