const PREFIX = "waba.";

/**
 * What the page keeps in the browser: the token, settings, drafts and unsent messages. Values are texts by key. A browser that
 * refuses storage, as some do in private windows, keeps them until the page is closed.
 */
export class BrowserStore {
  readonly #storage: Storage | null;
  readonly #memory = new Map<string, string>();

  constructor(storage: Storage | null) {
    this.#storage = storage;
  }

  get(key: string): string | null {
    try {
      return this.#storage?.getItem(PREFIX + key) ?? this.#memory.get(key) ?? null;
    } catch {
      return this.#memory.get(key) ?? null;
    }
  }

  set(key: string, value: string): void {
    try {
      if (!this.#storage) throw new Error("There is no storage.");
      this.#storage.setItem(PREFIX + key, value);
    } catch {
      this.#memory.set(key, value);
    }
  }

  remove(key: string): void {
    this.#memory.delete(key);
    try {
      this.#storage?.removeItem(PREFIX + key);
    } catch {
      // There was nothing stored.
    }
  }

  /** All keys that begin with this. */
  keys(beginning: string): string[] {
    const stored: string[] = [];
    try {
      for (let i = 0; i < (this.#storage?.length ?? 0); i++) stored.push(this.#storage?.key(i) ?? "");
    } catch {
      // Storage is refused.
    }
    const ours = stored.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
    return [...new Set([...ours, ...this.#memory.keys()])].filter((key) => key.startsWith(beginning));
  }

  /** Removes everything but the settings that belong to the browser rather than to an agent. */
  wipe(kept: readonly string[]): void {
    for (const key of this.keys("")) if (!kept.includes(key)) this.remove(key);
  }
}
