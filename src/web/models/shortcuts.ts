/** What a key does. The page shows this table under `?`, in this order. */
export const shortcuts = {
  nextChat: "J",
  previousChat: "K",
  nextUnread: "U",
  markUnread: "Shift+U",
  composer: "R",
  templates: "T",
  assign: "A",
  take: "I",
  close: "E",
  viewMine: "G M",
  viewUnassigned: "G U",
  viewAll: "G A",
  search: "/",
  quickReplies: "Ctrl+/",
  messages: "↑",
  reply: "Alt+R",
  leave: "Esc",
  help: "?",
} as const;

export type ShortcutAction = keyof typeof shortcuts;

export type KeyPress = Pick<
  KeyboardEvent,
  "code" | "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "repeat"
>;

/** `isTyping`: the focus is in a text. `isAfterG`: G was the key before. */
export type KeyContext = { isTyping: boolean; hasSingleKeys: boolean; isAfterG: boolean };

const SINGLE: Record<string, ShortcutAction> = {
  KeyJ: "nextChat",
  KeyK: "previousChat",
  KeyU: "nextUnread",
  "Shift+KeyU": "markUnread",
  KeyR: "composer",
  KeyT: "templates",
  KeyA: "assign",
  KeyI: "take",
  KeyE: "close",
  Slash: "search",
};
/** What goes from chat to chat as long as it is held. */
const REPEATS = new Set(["KeyJ", "KeyK"]);
const AFTER_G: Record<string, ShortcutAction> = { KeyM: "viewMine", KeyU: "viewUnassigned", KeyA: "viewAll" };

/** The longest pause between two characters of a word. */
const TYPING_MS = 1_500;

/**
 * Whether a press is the rest of a word whose box went away under it, so that the focus is nowhere. `typed`: the last character
 * that was typed.
 */
export function goesOnTyping(
  typed: { isBoxThere: boolean; atMs: number } | null,
  press: { isNowhere: boolean; atMs: number },
): boolean {
  return typed !== null && !typed.isBoxThere && press.isNowhere && press.atMs - typed.atMs < TYPING_MS;
}

/**
 * What a press means; `"prefix"` for the G that waits for the next key. Keys are known by where they are, so they work under
 * a Russian layout too; only `?` is known by what it types. Single letters act outside of texts alone, and of those that are held
 * only what moves on acts again.
 */
export function shortcutOf(press: KeyPress, context: KeyContext): ShortcutAction | "prefix" | null {
  const { code, key, ctrlKey, metaKey, altKey, shiftKey, repeat } = press;
  if (ctrlKey || metaKey) {
    if (altKey || shiftKey) return null;
    if (code === "Slash") return "quickReplies";
    return code === "KeyK" ? "search" : null;
  }
  // `reply` acts on the message that has the focus.
  if (altKey || context.isTyping || !context.hasSingleKeys) return null;
  if (repeat && !REPEATS.has(code)) return null;
  if (key === "?" || (shiftKey && code === "Slash")) return "help";
  if (context.isAfterG && !shiftKey) return AFTER_G[code] ?? null;
  if (code === "KeyG" && !shiftKey) return "prefix";
  return SINGLE[shiftKey ? `Shift+${code}` : code] ?? null;
}
