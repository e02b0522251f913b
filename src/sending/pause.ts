import { log } from "../log.ts";

/**
 * So long no call is made with a token that Meta has refused; then one tries whether it still does. Short, for Meta may take
 * the same token again, and somebody waits at the other end; long enough that a queue does not ask for each message.
 */
const PAUSE_MS = 2_000;
const KEY = "pause";

/** What an attempt has learnt of the number's token. */
export type TokenWord = { fingerprint: string; isDead: boolean };

type Storage = Pick<SyncKvStorage, "get" | "put" | "delete">;
type Paused = { fingerprint: string; untilMs: number };

/**
 * A number whose token is dead fails its sends at once instead of asking Meta again for each. Kept in the Sender's own
 * storage, so that an eviction does not forget it. Another token is another fingerprint, and works at once.
 */
export class Pause {
  readonly #storage: Storage;
  readonly #organizationPhoneId: number;

  constructor(storage: Storage, organizationPhoneId: number) {
    this.#storage = storage;
    this.#organizationPhoneId = organizationPhoneId;
  }

  /** The fingerprint of the token that is not worth a call now; null when any is. */
  deadToken(nowMs: number): string | null {
    const paused = this.#storage.get<Paused>(KEY);
    return paused && nowMs < paused.untilMs ? paused.fingerprint : null;
  }

  /** One line when the number stops and one when it goes on, however many messages there are. */
  learn(word: TokenWord | null, nowMs: number): void {
    if (!word) return;
    const organizationPhoneId = this.#organizationPhoneId;
    const paused = this.#storage.get<Paused>(KEY);
    if (word.isDead) {
      this.#storage.put<Paused>(KEY, { fingerprint: word.fingerprint, untilMs: nowMs + PAUSE_MS });
      if (paused?.fingerprint !== word.fingerprint) log("sending_paused", { organizationPhoneId });
    } else if (paused) {
      this.#storage.delete(KEY);
      log("sending_resumed", { organizationPhoneId });
    }
  }
}
