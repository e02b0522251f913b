import type { Db } from "../db/client.ts";
import { activityOf } from "../db/metrics.ts";
import { lastFindings, storeFindings } from "../db/phone-checks.ts";
import type { PhoneRow } from "../db/phones.ts";
import { lastRefusedWebhook } from "../db/refused-webhooks.ts";
import { testMessage } from "../db/test-messages.ts";
import { lastInboundOfOthers } from "../db/webhook-events.ts";
import type { CheckId, Finding } from "../domain/check.ts";
import type { StoredFinding } from "../domain/phone.ts";
import type { SystemFacts } from "../domain/system-check.ts";
import { type CheckSource, checkNumber } from "./check-number.ts";
import type { NumberAccess } from "./number-access.ts";

/** Which checks, and what they wait for. */
export type CheckRequest = {
  only?: CheckId[] | undefined;
  /** C13: since when somebody waits for a message from their phone, and for how long. */
  wait?: { since: Date; seconds: number } | undefined;
  /** C14: the test message. */
  messageId?: number | undefined;
  /** The webhook's address as the client sees it; null where no client asks. */
  callbackUrl: string | null;
};

/** What checks may reach. */
export type CheckReach = {
  db: Db;
  now: () => Date;
  numbers: NumberAccess;
  systemFacts: (version: string) => Promise<SystemFacts>;
};

/** For how long a check that passed need not be run again for those that need it. A row may change by SQL at any time. */
const KNOWN_MS = 60_000;

/** Whose events the button _Test_ of Meta's app dashboard sends. */
const TEST_EVENT_ACCOUNT = "0";

/** Checks a stored number of this organization, and keeps what was found. */
export async function checkStored(
  { db, now, numbers, systemFacts }: CheckReach,
  organizationId: number,
  phone: PhoneRow,
  { only, wait, messageId, callbackUrl }: CheckRequest,
): Promise<StoredFinding[]> {
  const isDisconnected = phone.connection === "disconnected" && phone.disconnectReason !== "partner_removed";
  const source: CheckSource = {
    ...{ values: { ...phone, isDisconnected }, callbackUrl, now, appSecrets: numbers.appSecrets },
    token: await numbers.open(phone),
    client: (token) => numbers.client(token, phone.wabaApiVersion),
    system: () => systemFacts(phone.wabaApiVersion?.trim() || numbers.defaultVersion),
    inbound: async () => ({
      now: now(),
      wait: wait ?? null,
      lastInboundAt: (await activityOf(db, phone.id)).lastInboundAt,
      lastOfOtherNumberAt: wait && phone.wabaId ? await lastInboundOfOthers(db, phone.wabaId) : null,
      lastTestEventAt: wait ? await lastInboundOfOthers(db, TEST_EVENT_ACCOUNT) : null,
      lastRefusedAt:
        wait && phone.wabaPhoneNumberId ? await lastRefusedWebhook(db, phone.wabaPhoneNumberId) : null,
    }),
    outbound: async () => ({
      now: now(),
      message: messageId === undefined ? null : await testMessage(db, organizationId, messageId),
    }),
  };
  // Once a wait is over, something may have broken meanwhile: it is what has to be named.
  const isWaitOver = wait !== undefined && now().getTime() >= wait.since.getTime() + wait.seconds * 1000;
  const known = isWaitOver
    ? new Set<CheckId>()
    : passedLately(await lastFindings(db, phone.id), phone, now());
  const findings = await checkNumber(source, only, known);
  const checkedAt = now();
  await storeFindings(db, phone.id, findings.filter(isWorthKeeping), checkedAt);
  const kept = await lastFindings(db, phone.id);
  return findings.map((found) => {
    const since = kept.find(({ id, code }) => id === found.id && code === found.code)?.since;
    const at = checkedAt.toISOString();
    return { ...found, checkedAt: at, since: since ?? at };
  });
}

/** Since the row's last change too. */
function passedLately(
  findings: readonly StoredFinding[],
  { updatedAt }: PhoneRow,
  now: Date,
): ReadonlySet<CheckId> {
  const from = Math.max(now.getTime() - KNOWN_MS, Date.parse(updatedAt));
  const isKnown = ({ status, checkedAt }: StoredFinding) =>
    (status === "pass" || status === "warn") && Date.parse(checkedAt) >= from;
  return new Set(findings.filter(isKnown).map(({ id }) => id));
}

/** What was not run, or waits, replaces no earlier result. */
function isWorthKeeping({ status, code }: Finding): boolean {
  return status !== "skip" || code === "needs";
}
