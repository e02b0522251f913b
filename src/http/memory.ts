/**
 * Remembers for a while, in this isolate, what was found: for look-ups that every request repeats. What was not found is not
 * remembered, so that what is made just now works at once.
 */
export class Memory<Value> {
  readonly #known = new Map<string, { value: Value; untilMs: number }>();
  readonly #limits: { ms: number; entries: number };

  constructor(limits: { ms: number; entries: number }) {
    this.#limits = limits;
  }

  /** What is remembered under the key; else what `find` finds, or null. */
  async recall(key: string, find: () => Promise<Value | null>): Promise<Value | null> {
    const known = this.#known.get(key);
    if (known && known.untilMs > Date.now()) return known.value;
    const value = await find();
    if (this.#known.size >= this.#limits.entries) this.#known.clear();
    if (value !== null) this.#known.set(key, { value, untilMs: Date.now() + this.#limits.ms });
    return value;
  }
}
