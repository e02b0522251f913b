type KeyPress = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "isComposing">;

/**
 * Whether a key sends what is written. Enter does, and Shift+Enter begins a line; with `enterBreaks` Enter begins a line, and sends
 * with Ctrl, ⌘ or Shift. While an input method composes, Enter chooses a word.
 */
export function isSendKey(
  { key, shiftKey, ctrlKey, metaKey, isComposing }: KeyPress,
  enterBreaks: boolean,
): boolean {
  if (key !== "Enter" || isComposing) return false;
  return enterBreaks ? ctrlKey || metaKey || shiftKey : !shiftKey;
}
