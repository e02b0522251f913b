import { log } from "../log.ts";
import { GraphError } from "../whatsapp/graph-error.ts";
import { graphErrorCodes } from "../whatsapp/graph-errors.ts";
import { AccessTokenError } from "../whatsapp/sealed-token.ts";

/**
 * For how long no call is made with a token that Meta has refused; then one send tries whether it still does. Short, for Meta may
 * accept the same token again while an agent waits; long enough that a queue does not ask for each message.
 */
const PAUSE_MS = 2_000;
const KEY = "pause";
const ALARM = "tokenAlarm";
const DEAD_TOKEN: readonly number[] = graphErrorCodes.access_token_invalid;

/** What an attempt showed about the number's token. The fingerprint distinguishes tokens and reveals nothing of them. */
export type TokenVerdict = { isDead: false } | { isDead: true; fingerprint: string };

/**
 * What an attempt shows of the phone's token: dead when Meta rejects it or there is none; alive when Meta accepted the call
 * or refused it for another reason; null when that is unknown.
 */
export function isTokenDead(error: unknown): boolean | null {
  if (error === null) return false;
  if (error instanceof AccessTokenError) return true;
  if (!(error instanceof GraphError) || error.outcome !== "failed" || error.code === null) return null;
  return DEAD_TOKEN.includes(error.code);
}

type Storage = Pick<SyncKvStorage, "get" | "put" | "delete">;
type Paused = { fingerprint: string; untilMs: number };
/** What the token's alarm is to say: raised (`isDead`) or cleared. */
type DueAlarm = { isDead: boolean };

/**
 * A number whose token is dead fails its sends at once instead of asking Meta again for each. Stored by the Sender, so that an
 * eviction does not forget it, and read once in an object's life. Another token has another fingerprint, and works at once.
 */
export class TokenCircuitBreaker {
  readonly #storage: Storage;
  readonly #organizationPhoneId: number;
  #paused: Paused | null;
  #dueAlarm: DueAlarm | null;

  constructor(storage: Storage, organizationPhoneId: number) {
    this.#storage = storage;
    this.#organizationPhoneId = organizationPhoneId;
    this.#paused = storage.get<Paused>(KEY) ?? null;
    this.#dueAlarm = storage.get<DueAlarm>(ALARM) ?? null;
  }

  /** The fingerprint of the token that is not worth a call now; null when any is. */
  deadToken(nowMs: number): string | null {
    return this.#paused && nowMs < this.#paused.untilMs ? this.#paused.fingerprint : null;
  }

  /** What the admins' alarm is to say after what was recorded, also in an earlier life; null once it does (`forgetAlarm`). */
  get dueAlarm(): DueAlarm | null {
    return this.#dueAlarm;
  }

  /** The alarm says this now. What was recorded meanwhile stays due. */
  forgetAlarm(done: DueAlarm): void {
    if (this.#dueAlarm === done) this.#setDueAlarm(null);
  }

  /**
   * Logs one line when the number stops and one when it goes on, however many messages there are. The alarm is due with each refusal
   * of Meta's, for a check may have cleared it since, and with the first call that Meta accepts again.
   */
  record(verdict: TokenVerdict | null, nowMs: number): void {
    if (!verdict) return;
    const organizationPhoneId = this.#organizationPhoneId;
    const before = this.#paused;
    if (verdict.isDead) {
      const { fingerprint } = verdict;
      this.#paused = { fingerprint, untilMs: nowMs + PAUSE_MS };
      this.#storage.put<Paused>(KEY, this.#paused);
      this.#setDueAlarm({ isDead: true });
      if (before?.fingerprint !== fingerprint) log("sending_paused", { organizationPhoneId });
    } else if (before) {
      this.#paused = null;
      this.#storage.delete(KEY);
      this.#setDueAlarm({ isDead: false });
      log("sending_resumed", { organizationPhoneId });
    }
  }

  #setDueAlarm(due: DueAlarm | null): void {
    this.#dueAlarm = due;
    if (due) this.#storage.put<DueAlarm>(ALARM, due);
    else this.#storage.delete(ALARM);
  }
}
