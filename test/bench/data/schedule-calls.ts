import {
  claimAlarmDeliveries,
  queueAlarmDeliveries,
  settleAlarmDelivery,
} from "../../../src/db/alarm-deliveries.ts";
import {
  clearHealedAlarms,
  quietPhones,
  raiseReportedAlarms,
  reconcileAlarms,
  recordInbound,
  watchedPhone,
} from "../../../src/db/alarms.ts";
import { migrationState, unassignedNotices } from "../../../src/db/health.ts";
import { nextDueAt } from "../../../src/db/next-due.ts";
import { allPhones } from "../../../src/db/organization-phones.ts";
import { checkTurns, phonesToCheck } from "../../../src/db/phones-to-check.ts";
import {
  countRefusedWebhook,
  lastRefusedWebhook,
  phonesWithRefusedWebhooks,
} from "../../../src/db/refused-webhooks.ts";
import {
  discardedKeys,
  discardObjects,
  forgetDiscarded,
  oldFiles,
  passFiles,
} from "../../../src/db/retention.ts";
import { indexEarlierMessages } from "../../../src/db/search.ts";
import { type Call, reading, writing } from "./call.ts";
import type { Seeded } from "./seed-shape.ts";

/** The open alarms of all organizations, of which there are few: here 50. */
const ALARMS_ALLOWANCE = { perRow: 12, extra: 120 };
/** All files that wait to be fetched, and the open alarms. */
const DUE_ALLOWANCE = { perRow: 0, extra: 400 };
/** Of each number whose webhooks are refused all hours. */
const REFUSED_ALLOWANCE = { perRow: 0, extra: 900 };
/** Of each number the reports until one names its limit, and one its quality: here all 500. */
const PHONES_ALLOWANCE = { perRow: 4, extra: 700 };
/** Likewise, and each organization's reports on its account of the last week: here all 500. */
const REPORTS_ALLOWANCE = { perRow: 4, extra: 1_200 };
/** It reads the last 1,000 messages again, and those of the calls before this one. */
const HABIT_ALLOWANCE = { perRow: 0, extra: 3_500 };
/** All functions are sorted by their name. */
const MIGRATION_ALLOWANCE = { perRow: 0, extra: 300 };
/** The hours of the last weeks of each of four numbers. */
const HOURS_ALLOWANCE = { perRow: 0, extra: 100 };

/** What the cron trigger asks, each minute or hour. */
export function scheduleCalls({ organizationId, phones }: Seeded): Call[] {
  const [{ id: phoneId, phoneNumberId } = { id: 0, phoneNumberId: "" }] = phones;
  const now = new Date();
  const alarm = { organizationId, organizationPhoneId: phoneId, wabaId: null, alarm: `phone:${phoneId}:C02` };
  const wrong = {
    ...{ code: "token_invalid", kind: "numberCheck", title: "The token is invalid" },
    severity: "critical",
    ...{ detail: { check: "C02" }, happenedAt: now.toISOString() },
  } as const;
  const observed = (later: number) => new Date(now.getTime() + later).toISOString();
  return [
    reading("when work is due", (db) => nextDueAt(db, now, true), DUE_ALLOWANCE),
    writing("record when messages came in (none)", (db) => recordInbound(db, now, 20_000), HABIT_ALLOWANCE),
    reading("numbers that are quiet (none)", (db) => quietPhones(db, now, null), HOURS_ALLOWANCE),
    reading("a watched number", (db) => watchedPhone(db, phoneId)),
    reading("raise an alarm", (db) => reconcileAlarms(db, [{ ...alarm, observedAt: observed(0), wrong }])),
    writing("queue deliveries of alarms (none)", (db) => queueAlarmDeliveries(db, now), ALARMS_ALLOWANCE),
    writing(
      "deliver an alarm",
      async (db) => {
        const deliveries = await claimAlarmDeliveries(db, new Date(now.getTime() + 1_000), 10);
        for (const delivery of deliveries)
          await settleAlarmDelivery(db, delivery, { deliveredAt: now, nextAttemptAt: null });
        return deliveries;
      },
      { perRow: 10, extra: 20 },
    ),
    reading("clear an alarm", (db) =>
      reconcileAlarms(db, [{ ...alarm, observedAt: observed(1_000), wrong: null }]),
    ),
    reading("raise what was reported (none)", (db) => raiseReportedAlarms(db, now), REPORTS_ALLOWANCE),
    reading("clear what is healed (none)", (db) => clearHealedAlarms(db, now), ALARMS_ALLOWANCE),
    reading(
      "numbers to check",
      (db) => phonesToCheck(db, now, { suspects: phones.map(({ id }) => id), limit: 100 }),
      PHONES_ALLOWANCE,
    ),
    reading("when numbers are checked", (db) => checkTurns(db, now), PHONES_ALLOWANCE),
    reading("all numbers", (db) => allPhones(db)),
    writing("count a refused webhook (none)", (db) => countRefusedWebhook(db, phoneNumberId)),
    reading("when a webhook was refused", (db) => lastRefusedWebhook(db, phoneNumberId)),
    reading(
      "numbers with refused webhooks (none)",
      (db) => phonesWithRefusedWebhooks(db, now),
      REFUSED_ALLOWANCE,
    ),
    writing("discard objects (none)", (db) => discardObjects(db, ["1/one", "1/two"])),
    reading("discarded objects", (db) => discardedKeys(db, 100)),
    writing("forget discarded objects (none)", (db) => forgetDiscarded(db, ["1/one", "1/two"], ["1/two"])),
    reading("old files (none)", (db) => oldFiles(db, new Date(0), 50), { perRow: 0, extra: 60 }),
    writing("pass old files (none)", (db) => passFiles(db, 0)),
    reading("index earlier messages (none)", (db) => indexEarlierMessages(db, 2_000)),
    reading("the state of migrations", (db) => migrationState(db), MIGRATION_ALLOWANCE),
    reading("notices that nobody sees (none)", (db) => unassignedNotices(db)),
  ];
}
