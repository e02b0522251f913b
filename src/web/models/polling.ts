const EVERY_MS = 15_000;

/** Asks by REST for what a blocked socket does not bring: at once, and then every 15 seconds until it is turned off. */
export class Polling {
  readonly #ask: () => unknown;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(ask: () => unknown) {
    this.#ask = ask;
  }

  turn(isOn: boolean): void {
    if (isOn === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = isOn ? setInterval(this.#ask, EVERY_MS) : undefined;
    if (isOn) this.#ask();
  }
}
