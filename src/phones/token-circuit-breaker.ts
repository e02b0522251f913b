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

/**
 * A number whose token is dead fails its sends at once instead of asking Meta again for each. Stored by the Sender, so that an
 * eviction does not forget it, and read once in an object's life. Another token has another fingerprint, and works at once.
 */
export class TokenCircuitBreaker {
  readonly #storage: Storage;
  readonly #organizationPhoneId: number;
  #paused: Paused | null;

  constructor(storage: Storage, organizationPhoneId: number) {
    this.#storage = storage;
    this.#organizationPhoneId = organizationPhoneId;
    this.#paused = storage.get<Paused>(KEY) ?? null;
  }

  /** The fingerprint of the token that is not worth a call now; null when any is. */
  deadToken(nowMs: number): string | null {
    return this.#paused && nowMs < this.#paused.untilMs ? this.#paused.fingerprint : null;
  }

  /** Logs one line when the number stops and one when it goes on, however many messages there are, and returns which; else null. */
  record(verdict: TokenVerdict | null, nowMs: number): "paused" | "resumed" | null {
    if (!verdict) return null;
    const organizationPhoneId = this.#organizationPhoneId;
    const before = this.#paused;
    if (verdict.isDead) {
      const { fingerprint } = verdict;
      this.#paused = { fingerprint, untilMs: nowMs + PAUSE_MS };
      this.#storage.put<Paused>(KEY, this.#paused);
      if (before?.fingerprint === fingerprint) return null;
      log("sending_paused", { organizationPhoneId });
      return "paused";
    }
    if (!before) return null;
    this.#paused = null;
    this.#storage.delete(KEY);
    log("sending_resumed", { organizationPhoneId });
    return "resumed";
  }
}
