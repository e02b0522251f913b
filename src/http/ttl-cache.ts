import { withTimeout } from "../with-timeout.ts";

/** A load that takes longer is not waited for: its request may be gone, and what it awaits then never comes. */
const SHARE_MS = 2_000;

/**
 * Caches values in this isolate for a limited time, for look-ups that every request repeats. A miss (null) is not cached, so
 * a row that was just inserted is found at once.
 */
export class TtlCache<Value> {
  readonly #entries = new Map<string, { value: Value; expiresAtMs: number }>();
  readonly #loading = new Map<string, Promise<Value | null>>();
  readonly #limits: { ttlMs: number; maxEntries: number };

  constructor(limits: { ttlMs: number; maxEntries: number }) {
    this.#limits = limits;
  }

  /**
   * The cached value of the key, or else what `load` returns. Requests that come meanwhile share a load, for thousands of clients
   * return at once to an isolate that has just started. A full cache is emptied before it takes another key.
   */
  async get(key: string, load: () => Promise<Value | null>): Promise<Value | null> {
    for (;;) {
      const cached = this.#entries.get(key);
      if (cached && cached.expiresAtMs > Date.now()) return cached.value;
      const loading = this.#loading.get(key);
      if (!loading) return await this.#load(key, load);
      const shared = await withTimeout(
        SHARE_MS,
        loading.then((value) => ({ value })),
      );
      // A miss may have been read before the row was inserted.
      if (shared?.value === null) return await this.#load(key, load);
      if (shared !== null) return shared.value;
      if (this.#loading.get(key) === loading) this.#loading.delete(key);
    }
  }

  async #load(key: string, load: () => Promise<Value | null>): Promise<Value | null> {
    const loading = load();
    this.#loading.set(key, loading);
    try {
      const value = await loading;
      if (this.#entries.size >= this.#limits.maxEntries) this.#entries.clear();
      if (value !== null) this.#entries.set(key, { value, expiresAtMs: Date.now() + this.#limits.ttlMs });
      return value;
    } finally {
      if (this.#loading.get(key) === loading) this.#loading.delete(key);
    }
  }
}
