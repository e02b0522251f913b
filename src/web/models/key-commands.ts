import { goesOnTyping, type ShortcutAction, shortcutOf } from "./shortcuts.ts";

/** For how long a G waits for the key after it. */
const PREFIX_MS = 1_500;

/** Hands the page's key presses to whoever can do what they mean; of several the one that came last does it. */
export class KeyCommands {
  readonly #hasSingleKeys: () => boolean;
  readonly #handlers = new Map<ShortcutAction, (() => void)[]>();
  #prefixAtMs = Number.NEGATIVE_INFINITY;
  /** The last character that was typed, and where. */
  #typed: { box: Element; atMs: number } | null = null;

  constructor(hasSingleKeys: () => boolean) {
    this.#hasSingleKeys = hasSingleKeys;
    addEventListener("keydown", this.#onKeyDown);
  }

  close(): void {
    removeEventListener("keydown", this.#onKeyDown);
  }

  /** Until the returned function is called, `handler` does `action`. */
  register(action: ShortcutAction, handler: () => void): () => void {
    this.#handlers.set(action, [...(this.#handlers.get(action) ?? []), handler]);
    return () => {
      const others = (this.#handlers.get(action) ?? []).filter((other) => other !== handler);
      this.#handlers.set(action, others);
    };
  }

  #onKeyDown = (event: KeyboardEvent): void => {
    const isTyping = this.#isTyping(event);
    if (event.defaultPrevented || event.isComposing || isInDialog()) return;
    const action = shortcutOf(event, {
      isTyping,
      hasSingleKeys: this.#hasSingleKeys(),
      isAfterG: event.timeStamp - this.#prefixAtMs < PREFIX_MS,
    });
    this.#prefixAtMs = action === "prefix" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    const handler = action && action !== "prefix" ? this.#handlers.get(action)?.at(-1) : undefined;
    if (!handler) return;
    event.preventDefault();
    handler();
  };

  #isTyping({ target, key, timeStamp: atMs }: KeyboardEvent): boolean {
    const typed = this.#typed && { isBoxThere: this.#typed.box.isConnected, atMs: this.#typed.atMs };
    const box = isText(target) ? target : (this.#typed?.box ?? null);
    const isTyping = box === target || goesOnTyping(typed, { isNowhere: target === document.body, atMs });
    if (isTyping && box && key.length === 1) this.#typed = { box, atMs };
    return isTyping;
  }
}

/** Whether the keyboard writes a text there, or chooses. */
export function isText(target: EventTarget | null): target is HTMLElement {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

/** A dialog or a menu has the keys for itself. */
function isInDialog(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"]') !== null;
}
