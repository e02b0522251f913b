import fc from "fast-check";

// What Meta may report of one person who changes phone and user id, as webhook bodies for one business number.

const NOON = Date.parse("2026-05-01T12:00:00Z") / 1000;
const EPOCH_SECONDS = 100;
const PHONES = ["79161110001", "5511987651001", "5491123456789", "5215512345678", "919811110000"];

type Ids = { phone: string; userId: string };
type Seen = { from: boolean; fromUserId: boolean; second: number; name?: string };

/** One step of a life: under which ids somebody writes, and how Meta reports that they changed to the next. */
type Step = { phone: number; messages: Seen[]; saved: string | null; report: (typeof reports)[number] };

const reports = [
  "update",
  "updateWithPhone",
  "systemNumber",
  "systemNumberAndUser",
  "systemUser",
  "both",
] as const;
/**
 * A phone that stays is reported by a user id alone, or with that phone. One that the person had before may be another's by then.
 */
const ofUserId = { systemNumber: "systemUser", systemNumberAndUser: "updateWithPhone" } as const;
const ofBoth = {
  systemNumber: "systemNumberAndUser",
  update: "updateWithPhone",
  systemUser: "updateWithPhone",
} as const;

export type Life = {
  /** The webhook changes `{field, value}`, in the order of Meta's times. */
  changes: (metadata: object) => { field: string; value: object }[];
  last: Ids;
  former: string[];
};

const seen: fc.Arbitrary<Seen> = fc.record(
  {
    from: fc.boolean(),
    fromUserId: fc.boolean(),
    second: fc.integer({ min: 1, max: 90 }),
    name: fc.constantFrom("I🔥", "Ivan"),
  },
  { requiredKeys: ["from", "fromUserId", "second"] },
);

const step: fc.Arbitrary<Step> = fc.record({
  phone: fc.nat(PHONES.length - 1),
  messages: fc.array(seen, { maxLength: 3 }),
  saved: fc.option(fc.constantFrom("Ivan Petrov, plumber", "Petrov")),
  report: fc.constantFrom(...reports),
});

/**
 * A life with `minChanges` to `maxChanges` changes of ids, between which the person may write, and the business may save their
 * name. `returnsAlone`: a return to an earlier phone may be reported by the phone alone.
 */
export function aLife(minChanges: number, maxChanges: number, returnsAlone: boolean): fc.Arbitrary<Life> {
  const steps = fc.array(step, { minLength: minChanges + 1, maxLength: maxChanges + 1 });
  return steps.map((some) => toLife(some, returnsAlone));
}

function toLife(steps: Step[], returnsAlone: boolean): Life {
  const idsOf = (n: number): Ids => ({ phone: PHONES[steps[n]?.phone ?? 0] ?? "", userId: `RU.${3000 + n}` });
  const last = idsOf(steps.length - 1);
  return {
    last,
    former: steps.slice(0, -1).map((_, n) => idsOf(n).userId),
    changes: (metadata) =>
      steps.flatMap((one, n) => [
        ...messagesOf(one, n, idsOf(n), metadata),
        ...(n < steps.length - 1
          ? reportsOf(reportFor(steps, n, returnsAlone), idsOf(n), idsOf(n + 1), n, metadata)
          : []),
      ]),
  };
}

function reportFor(steps: Step[], n: number, returnsAlone: boolean): Step["report"] {
  const { phone, report } = steps[n] ?? steps[0] ?? { phone: 0, report: "both" };
  const next = steps[n + 1]?.phone;
  if (next === phone) return report in ofUserId ? ofUserId[report as keyof typeof ofUserId] : report;
  const isReturn = !returnsAlone && steps.slice(0, n).some((one) => one.phone === next);
  return isReturn && report in ofBoth ? ofBoth[report as keyof typeof ofBoth] : report;
}

function messagesOf({ messages, saved }: Step, n: number, ids: Ids, metadata: object) {
  const start = NOON + n * EPOCH_SECONDS;
  const texts = messages.map(({ from, fromUserId, second, name }, i) => {
    const who = {
      ...((from || !fromUserId) && { from: ids.phone }),
      ...(fromUserId && { from_user_id: ids.userId }),
    };
    const contact = { wa_id: who.from, user_id: who.from_user_id, profile: { name } };
    const message = {
      ...who,
      id: `wamid.${n}.${i}`,
      timestamp: String(start + second),
      type: "text",
      text: { body: `${n}.${i}` },
    };
    return {
      field: "messages",
      value: { metadata, ...(name && { contacts: [contact] }), messages: [message] },
    };
  });
  // Seen with both ids in each step: what a change of the number alone leaves open.
  const both = {
    from: ids.phone,
    from_user_id: ids.userId,
    id: `wamid.${n}.both`,
    timestamp: String(start + 95),
    type: "text",
    text: { body: `${n}` },
  };
  const contact = { full_name: saved, phone_number: ids.phone };
  const sync = { type: "contact", contact, action: "add", metadata: { timestamp: String(start + 50) } };
  return [
    ...texts,
    { field: "messages", value: { metadata, messages: [both] } },
    ...(saved ? [{ field: "smb_app_state_sync", value: { metadata, state_sync: [sync] } }] : []),
  ];
}

function reportsOf(
  report: Step["report"],
  old: Ids,
  now: Ids,
  n: number,
  metadata: object,
): { field: string; value: object }[] {
  const timestamp = NOON + (n + 1) * EPOCH_SECONDS;
  const update = (wa_id?: string) => ({
    field: "user_id_update",
    value: {
      metadata,
      user_id_update: [
        { ...(wa_id && { wa_id }), user_id: { previous: old.userId, current: now.userId }, timestamp },
      ],
    },
  });
  const system = (type: string, who: object, fields: object) => ({
    field: "messages",
    value: {
      metadata,
      messages: [
        {
          ...who,
          id: `wamid.${n}.${type}`,
          timestamp: String(timestamp),
          type: "system",
          system: { type, ...fields },
        },
      ],
    },
  });
  const userChanged = system(
    "user_changed_user_id",
    {},
    { body: `User Ivan changed from ${old.userId} to ${now.userId}`, user_id: now.userId },
  );
  const numberChanged = system(
    "user_changed_number",
    { from: old.phone },
    { body: "changed", wa_id: now.phone },
  );
  switch (report) {
    case "update":
      return [update()];
    case "updateWithPhone":
      return [update(now.phone)];
    case "systemNumber":
      return [numberChanged];
    case "systemNumberAndUser":
      return [
        system(
          "user_changed_number",
          { from: old.phone, from_user_id: old.userId },
          { body: "changed", wa_id: now.phone, user_id: now.userId },
        ),
      ];
    case "systemUser":
      return [userChanged];
    case "both":
      return old.phone === now.phone ? [userChanged, update(now.phone)] : [numberChanged, update()];
  }
}
