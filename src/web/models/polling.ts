const EVERY_MS = 15_000;
const SOON_MS = [1_000, 2_000, 4_000];

/** Asks by REST for what a blocked socket does not bring: at once, and then every 15 seconds until it is turned off. */
export class Polling {
  readonly #ask: () => unknown;
  #timer: ReturnType<typeof setInterval> | undefined;
  #soon: ReturnType<typeof setTimeout>[] = [];

  constructor(ask: () => unknown) {
    this.#ask = ask;
  }

  turn(isOn: boolean): void {
    if (isOn === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#clearSoon();
    this.#timer = isOn ? setInterval(this.#ask, EVERY_MS) : undefined;
    if (isOn) this.#ask();
  }

  /** Something was done whose outcome is awaited: while it is on it also asks one, two and four seconds from now. */
  askSoon(): void {
    this.#clearSoon();
    if (this.#timer !== undefined) this.#soon = SOON_MS.map((ms) => setTimeout(this.#ask, ms));
  }

  #clearSoon(): void {
    for (const timer of this.#soon) clearTimeout(timer);
  }
}
