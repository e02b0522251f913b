import { databaseUrlOf } from "../config.ts";
import { askDatabase } from "../db/client.ts";
import { nothingCommitted } from "../db/committed.ts";
import { errorName, log } from "../log.ts";
import { reconcileTokenAlarm } from "../phones/check-alarms.ts";
import { publish, undeliveredAfter } from "../realtime/publish.ts";

const PUBLISH_CAP_MS = 150;

/** Informs the admins that a phone's token is dead, or works again. Never fails; what is missed, the hourly check finds. */
export async function announceToken(env: Env, organizationPhoneId: number, isDead: boolean): Promise<void> {
  try {
    const notices = await askDatabase(databaseUrlOf(env), (db) =>
      reconcileTokenAlarm(db, organizationPhoneId, isDead, new Date()),
    );
    await undeliveredAfter(publish(env, { ...nothingCommitted, notices }), PUBLISH_CAP_MS);
  } catch (error) {
    log("request_failed", { route: "token alarm", error: errorName(error) });
  }
}
