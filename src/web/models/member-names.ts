import { authorPrefix } from "../../domain/author-prefix.ts";
import type { Chat } from "../../domain/chat.ts";
import type { Message } from "../../domain/message.ts";

/** A person by name, as a contact or as the sender of a group's message. Without a name there is nothing to rename. */
export type NamedPerson = { name: string | null; phone: string | null; userId: string | null };

/** The same messages, in which a member of a group has this name. Those that do not change stay the same objects. */
export function withMemberName(messages: readonly Message[], person: NamedPerson): readonly Message[] {
  const renamed = messages.map((message) => renamedIn(message, person));
  return renamed.some((message, index) => message !== messages[index]) ? renamed : messages;
}

/** The same row with this name in its newest message, whose text begins with who wrote it. */
export function withMemberNameInRow(chat: Chat, person: NamedPerson): Chat {
  const known = chat.lastMessage;
  const renamed = known && renamedIn(known, person);
  if (!known || !renamed || renamed === known) return chat;
  const before = authorPrefix(known.content?.sender);
  const text = known.body.startsWith(before) ? known.body.slice(before.length) : null;
  const body = text === null ? known.body : authorPrefix(renamed.content?.sender) + text;
  return { ...chat, lastMessage: { ...renamed, body } };
}

function renamedIn(message: Message, { name, phone, userId }: NamedPerson): Message {
  if (name === null) return message;
  const sender = message.content?.sender;
  const isTheirs = (id: string | null) => id !== null && (id === phone || id === userId);
  const isSender = sender && (isTheirs(sender.phone) || isTheirs(sender.userId)) && sender.name !== name;
  const isReacting = message.reactions.some((one) => isTheirs(one.sender) && one.senderName !== name);
  if (!isSender && !isReacting) return message;
  return {
    ...message,
    ...(isSender && message.content && { content: { ...message.content, sender: { ...sender, name } } }),
    reactions: message.reactions.map((one) => (isTheirs(one.sender) ? { ...one, senderName: name } : one)),
  };
}
