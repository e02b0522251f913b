export const labelColors = [
  "gray",
  "red",
  "orange",
  "yellow",
  "green",
  "teal",
  "blue",
  "purple",
  "pink",
] as const;

/** A label of an organization, for its chats. */
export type Label = { id: number; name: string; color: (typeof labelColors)[number] };

/** A text that agents insert by its shortcut; `{{contact.name}}` in it is filled in by the page. */
export type QuickReply = { id: number; shortcut: string; text: string };
