/**
 * Caches values in this isolate for a limited time, for look-ups that every request repeats. A miss (null) is not cached, so
 * a row that was just inserted is found at once.
 */
export class TtlCache<Value> {
  readonly #entries = new Map<string, { value: Value; expiresAtMs: number }>();
  readonly #limits: { ttlMs: number; maxEntries: number };

  constructor(limits: { ttlMs: number; maxEntries: number }) {
    this.#limits = limits;
  }

  /** The cached value of the key, or else what `load` returns. A full cache is emptied before it takes another key. */
  async get(key: string, load: () => Promise<Value | null>): Promise<Value | null> {
    const cached = this.#entries.get(key);
    if (cached && cached.expiresAtMs > Date.now()) return cached.value;
    const value = await load();
    if (this.#entries.size >= this.#limits.maxEntries) this.#entries.clear();
    if (value !== null) this.#entries.set(key, { value, expiresAtMs: Date.now() + this.#limits.ttlMs });
    return value;
  }
}
