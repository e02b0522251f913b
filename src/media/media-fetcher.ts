import { DurableObject } from "cloudflare:workers";
import { databaseUrlOf } from "../config.ts";
import { connect } from "../db/client.ts";
import { dueFiles, nextFileDueAt } from "../db/media.ts";
import { errorName, log } from "../log.ts";

/** So many files of one number are fetched at once: an object may have six calls waiting. */
const SLOTS = 4;
const LOOK_MS = 15_000;
/** An alarm may run for 15 minutes: after this many it begins nothing new, and the next one goes on. */
const WORK_LIMIT_MS = 8 * 60_000;
const LONGEST_SLEEP_MS = 60 * 60_000;

/**
 * Has the files of one number fetched, a few at a time. Its name is the number's id. It keeps no account of its own: what
 * is due is in Postgres, each fetch is an invocation apart, and its alarm holds it until all are done.
 */
export class MediaFetcher extends DurableObject<Env> {
  readonly #organizationPhoneId = Number(this.ctx.id.name);
  readonly #inHand = new Map<number, Promise<void>>();
  /** Those that could not even be tried: left alone until the next alarm. */
  readonly #failed = new Set<number>();
  #isWorking = false;
  #wasPoked = false;

  /** There may be something to fetch. */
  async wake(): Promise<void> {
    this.#wasPoked = true;
    await this.ctx.storage.setAlarm(Date.now());
    // The alarm that is under way may wait for a slow file; a free slot does not.
    if (this.#isWorking) await this.#fill();
  }

  override async alarm(): Promise<void> {
    let dueAtMs: number | null = Date.now() + LOOK_MS;
    this.#wasPoked = false;
    this.#isWorking = true;
    try {
      dueAtMs = await this.#work(Date.now() + WORK_LIMIT_MS);
    } catch (error) {
      const organizationPhoneId = this.#organizationPhoneId;
      log("request_failed", { organizationPhoneId, route: "media alarm", error: errorName(error) });
    } finally {
      this.#isWorking = false;
      if (this.#wasPoked) dueAtMs = Date.now();
      if (dueAtMs !== null) await this.ctx.storage.setAlarm(Math.max(dueAtMs, Date.now()));
    }
  }

  /** Fetches until nothing is due; gives when something will be. */
  async #work(untilMs: number): Promise<number | null> {
    this.#failed.clear();
    await this.#fill();
    while (this.#inHand.size > 0) {
      await Promise.race(this.#inHand.values());
      if (Date.now() < untilMs) await this.#fill();
    }
    if (this.#failed.size > 0) return Date.now() + LOOK_MS;
    const dueAt = await nextFileDueAt(connect(databaseUrlOf(this.env)), this.#organizationPhoneId);
    return dueAt && Math.min(dueAt.getTime(), Date.now() + LONGEST_SLEEP_MS);
  }

  async #fill(): Promise<void> {
    const limit = SLOTS + this.#inHand.size + this.#failed.size;
    const db = connect(databaseUrlOf(this.env));
    const due = await dueFiles(db, this.#organizationPhoneId, new Date(), limit);
    for (const id of due) {
      if (this.#inHand.size >= SLOTS) return;
      if (!this.#inHand.has(id) && !this.#failed.has(id)) this.#inHand.set(id, this.#fetch(id));
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
      this.#inHand.delete(id);
    }
  }
}
