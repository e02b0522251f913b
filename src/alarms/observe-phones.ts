import { type Observation, quietPhones, SILENCE_TURNS } from "../db/alarms.ts";
import type { Db } from "../db/client.ts";
import { phonesWithRefusedWebhooks } from "../db/refused-webhooks.ts";
import { minutesBetween } from "../domain/minutes.ts";
import { silenceOf } from "../domain/silence.ts";

/** The numbers that are silent against their own habit. */
export async function observeSilence(db: Db, now: Date): Promise<Observation[]> {
  return (await quietPhones(db, now)).flatMap(({ habit, ...phone }) => {
    const silence = silenceOf(habit, now);
    if (!silence) return [];
    const [silent, usual] = [duration(silence.silentMs), duration(silence.usualGapMs)];
    return wrong(phone, now, {
      ...{ topic: "silence", kind: "silence", code: "silence" },
      title: `Number "${phone.name}": nothing has come in for ${silent}; usually every ${usual}.`,
      detail: {
        ...{ lastInboundAt: habit.lastInboundAt.toISOString() },
        ...{ silentMinutes: minutes(silence.silentMs), usualGapMinutes: minutes(silence.usualGapMs) },
        why: "In the same hours of the last weeks messages came in. Meta may have stopped sending webhooks to this address.",
        fix: `Write to the number from a phone. If nothing comes: npm run doctor -- --phone ${phone.id}`,
      },
    });
  });
}

/**
 * When the first number would be silent (`observeSilence`), if no message came in meanwhile; null when none would be before `until`,
 * at most an hour from `now`.
 */
export async function nextSilenceAt(db: Db, now: Date, until: Date): Promise<Date | null> {
  const turns = minutesBetween(now, until);
  if (turns.length === 0) return null;
  const phones = await quietPhones(db, until, null);
  const isSilent = (at: Date) =>
    phones.some(
      ({ id, habit }) => id % SILENCE_TURNS === at.getUTCMinutes() % SILENCE_TURNS && silenceOf(habit, at),
    );
  return turns.find(isSilent) ?? null;
}

/** The numbers whose webhooks arrive with a wrong signature, and with no right one. */
export async function observeRefusedWebhooks(db: Db, now: Date): Promise<Observation[]> {
  return (await phonesWithRefusedWebhooks(db, now)).flatMap(({ count, firstAt, ...phone }) =>
    wrong(phone, now, {
      ...{ topic: "signature", kind: "refusedWebhooks", code: "signature_invalid" },
      title: `Number "${phone.name}": its webhooks arrive with a wrong signature and are refused.`,
      detail: {
        ...{ count, firstAt },
        why: "META_APP_SECRET is not the secret of the app that sends them, or somebody else posts to this address.",
        fix: "Copy the app secret from Meta (App settings → Basic), then: npx wrangler secret put META_APP_SECRET",
      },
    }),
  );
}

type Phone = { id: number; organizationId: number; phoneNumber: string; wabaId: string | null };
type Cause = { topic: string; kind: string; code: string; title: string; detail: Record<string, unknown> };

function wrong(
  { id, organizationId, phoneNumber, wabaId }: Phone,
  now: Date,
  { topic, detail, ...cause }: Cause,
): Observation[] {
  const observedAt = now.toISOString();
  const subject = { type: "phoneNumber", phoneNumber };
  const found = {
    ...cause,
    severity: "warning" as const,
    detail: { ...detail, subject },
    happenedAt: observedAt,
  };
  return [
    {
      organizationId,
      organizationPhoneId: id,
      wabaId,
      alarm: `phone:${id}:${topic}`,
      observedAt,
      wrong: found,
    },
  ];
}

function minutes(ms: number): number {
  return Math.round(ms / 60_000);
}

/** "40 min", "2 h", "3 days". */
function duration(ms: number): string {
  if (minutes(ms) < 90) return `${Math.max(1, minutes(ms))} min`;
  const hours = Math.round(ms / 3_600_000);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
