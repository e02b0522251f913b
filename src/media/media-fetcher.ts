import { DurableObject } from "cloudflare:workers";
import { databaseUrlOf } from "../config.ts";
import { connect } from "../db/client.ts";
import { dueFiles, nextFileDueAt } from "../db/media.ts";
import { errorName, log } from "../log.ts";
import { phoneIdInName } from "../region.ts";

/** How many files of one phone are fetched at once: an object may have six calls waiting. */
const SLOTS = 4;
const RETRY_MS = 15_000;
/** An alarm may run for 15 minutes: after this many it begins nothing new, and the next one goes on. */
const WORK_LIMIT_MS = 8 * 60_000;
const LONGEST_SLEEP_MS = 60 * 60_000;

/**
 * Fetches the files of one phone, a few at a time. Its name has the phone's id. It has no state of its own: Postgres knows
 * what is due, each fetch is a separate invocation, and the alarm keeps the object alive until all are done.
 */
export class MediaFetcher extends DurableObject<Env> {
  readonly #organizationPhoneId = phoneIdInName(this.ctx.id.name);
  readonly #inFlight = new Map<number, Promise<void>>();
  /** Files that could not even be attempted: skipped until the next alarm. */
  readonly #failed = new Set<number>();
  #isWorking = false;
  #wasWoken = false;

  /** There may be something to fetch. */
  async wake(): Promise<void> {
    this.#wasWoken = true;
    await this.ctx.storage.setAlarm(Date.now());
    // The alarm that is under way may wait for a slow file; a free slot does not.
    if (this.#isWorking) await this.#fill();
  }

  override async alarm(): Promise<void> {
    let dueAtMs: number | null = Date.now() + RETRY_MS;
    this.#wasWoken = false;
    this.#isWorking = true;
    try {
      dueAtMs = await this.#work(Date.now() + WORK_LIMIT_MS);
    } catch (error) {
      const organizationPhoneId = this.#organizationPhoneId;
      log("request_failed", { organizationPhoneId, route: "media alarm", error: errorName(error) });
    } finally {
      this.#isWorking = false;
      if (this.#wasWoken) dueAtMs = Date.now();
      if (dueAtMs !== null) await this.ctx.storage.setAlarm(Math.max(dueAtMs, Date.now()));
    }
  }

  /** Fetches until nothing is due; gives when something will be. */
  async #work(untilMs: number): Promise<number | null> {
    this.#failed.clear();
    await this.#fill();
    while (this.#inFlight.size > 0) {
      await Promise.race(this.#inFlight.values());
      if (Date.now() < untilMs) await this.#fill();
    }
    if (this.#failed.size > 0) return Date.now() + RETRY_MS;
    const dueAt = await nextFileDueAt(connect(databaseUrlOf(this.env)), this.#organizationPhoneId);
    return dueAt && Math.min(dueAt.getTime(), Date.now() + LONGEST_SLEEP_MS);
  }

  async #fill(): Promise<void> {
    const limit = SLOTS + this.#inFlight.size + this.#failed.size;
    const db = connect(databaseUrlOf(this.env));
    const due = await dueFiles(db, this.#organizationPhoneId, new Date(), limit);
    for (const id of due) {
      if (this.#inFlight.size >= SLOTS) return;
      if (!this.#inFlight.has(id) && !this.#failed.has(id)) this.#inFlight.set(id, this.#fetch(id));
    }
  }

  async #fetch(id: number): Promise<void> {
    try {
      await this.ctx.exports.FileFetch.run(id);
    } catch (error) {
      this.#failed.add(id);
      const organizationPhoneId = this.#organizationPhoneId;
      log("request_failed", { organizationPhoneId, route: "media fetch", error: errorName(error) });
    } finally {
      this.#inFlight.delete(id);
    }
  }
}
