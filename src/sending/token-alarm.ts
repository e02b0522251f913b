import { databaseUrlOf } from "../config.ts";
import { askDatabase } from "../db/client.ts";
import { nothingCommitted } from "../db/committed.ts";
import { errorName, log } from "../log.ts";
import { reconcileTokenAlarm } from "../phones/check-alarms.ts";
import type { TokenCircuitBreaker } from "../phones/token-circuit-breaker.ts";
import { publish, undeliveredAfter } from "../realtime/publish.ts";

const PUBLISH_CAP_MS = 150;

/** Has the admins' alarm about a phone's token say what its circuit breaker found. */
export class TokenAlarm {
  readonly #env: Env;
  readonly #organizationPhoneId: number;
  readonly #tokens: TokenCircuitBreaker;
  #last: Promise<unknown> = Promise.resolve();

  constructor(env: Env, organizationPhoneId: number, tokens: TokenCircuitBreaker) {
    this.#env = env;
    this.#organizationPhoneId = organizationPhoneId;
    this.#tokens = tokens;
  }

  /**
   * Raises or clears the alarm, if that is due: one change after the other, for the last one has to win. Throws when Postgres does not
   * take it; then it stays due, and the Sender's own alarm repeats it.
   */
  reconcile(): Promise<void> {
    const done = this.#last.then(() => this.#reconcileNow());
    this.#last = done.catch((error: unknown) =>
      log("request_failed", { route: "token alarm", error: errorName(error) }),
    );
    return done;
  }

  async #reconcileNow(): Promise<void> {
    const due = this.#tokens.dueAlarm;
    if (!due) return;
    const notices = await askDatabase(databaseUrlOf(this.#env), (db) =>
      reconcileTokenAlarm(db, this.#organizationPhoneId, due.isDead, new Date()),
    );
    this.#tokens.forgetAlarm(due);
    await undeliveredAfter(publish(this.#env, { ...nothingCommitted, notices }), PUBLISH_CAP_MS);
  }
}
