import { flag, integer, oneOf, type Rule, text } from "./fault-rules.ts";
import { BadInput, type Fields, isFields } from "./fields.ts";

/**
 * The faults of the simulator. `PUT /simulator/faults` sets them with one object: each fault maps to its settings, or to a
 * list of settings that apply one after the other. `PUT` replaces all faults, `POST` adds some, `DELETE` clears them. `{}` as
 * settings means the defaults. Every fault accepts `times`; without it the fault applies until it is cleared. Faults are in
 * memory only, so a restart clears them too.
 *
 *     {"dropAnswer": {"times": 1}, "answer": [{"code": 130429, "times": 2}, {"status": 502, "times": 1}]}
 *
 * Webhooks. `times` counts POSTs; for `reorder` and `batch` it counts groups of events, and for `hold`, `reverseStatuses`,
 * `skipDelivered`, `failed` and `noPhone` messages or events.
 * - `duplicate {copies}`: sends each POST this many more times, all at once.
 * - `reorder {window, ms}`: waits for this many events, for at most `ms` (300 by default), then delivers them one by one in another
 *   order.
 * - `batch {size, as, ms}`: sends several events in one POST: as `entries`, as `changes` of one entry, or merged into lists of
 *   `items`. It waits for them as `reorder` does.
 * - `delay {ms}`: waits before each POST.
 * - `hold {events}`: holds back `statuses`, `messages` or `all` events until the faults are cleared or replaced.
 * - `reverseStatuses`: sends a message's statuses in reverse order. `skipDelivered`: sends `read` right after `sent`.
 * - `failed {code}`: reports an accepted message as `failed` with this code and never shows it to the customer.
 * - `badSignature`: signs with another secret. `noPhone`: omits every customer's phone number from events.
 *
 * Calls to Graph. `on` selects them: `send` (default), `read` (mark as read, typing), `other`, `any`; `phoneNumberId` limits
 * them to one phone. `dropAnswer`, `delayAnswer`, `halfAnswer`, `brokenJson` and `statusFirst` apply only to calls that Graph
 * accepts.
 * - `dropRequest`: closes the connection before the call takes effect. `dropAnswer`: closes it afterwards.
 * - `answer {status, code, subcode, html, accepted, retryAfterSeconds}`: responds with this error; with `accepted` the call
 *   takes effect all the same.
 * - `delayAnswer {ms}`, `halfAnswer` (closes the connection in the middle), `brokenJson` (truncates the JSON only).
 * - `statusFirst`: responds only after the first attempt to deliver the message's statuses.
 * - `messageStatus {as}`: Graph's answer to a send says this of it: `held_for_quality_assessment` or `paused`. Its statuses come
 *   all the same; `hold` keeps them back.
 * - `expiredToken {token}`: refuses this token, or every token, with code 190.
 * - `expiredMedia {of, id}`: the `url` (default) or the `id` of media does not exist any more.
 * - `media {as, id}`: serves the bytes as `status` (an error, 503 by default), `redirect` (to `to`), `otherBytes` (of the same
 *   length), `cut` (closes in the middle) or `slow` (waits `ms` in the middle). `smallSize`: Graph reports half the size,
 *   `largeSize`: more than 100 MB.
 */
export type FaultSettings = {
  duplicate: { copies: number };
  reorder: { window: number; ms?: number };
  batch: { size: number; as?: BatchShape; ms?: number };
  delay: { ms: number };
  hold: { events?: "statuses" | "messages" | "all" };
  reverseStatuses: object;
  skipDelivered: object;
  failed: { code: number };
  badSignature: object;
  noPhone: object;
  dropRequest: OnCall;
  dropAnswer: OnCall;
  answer: OnCall & {
    status?: number;
    code?: number;
    subcode?: number;
    html?: boolean;
    accepted?: boolean;
    retryAfterSeconds?: number;
  };
  delayAnswer: OnCall & { ms: number };
  halfAnswer: OnCall;
  brokenJson: OnCall;
  statusFirst: OnCall;
  messageStatus: { as: string; phoneNumberId?: string };
  expiredToken: { token?: string };
  expiredMedia: { of?: "url" | "id"; id?: string };
  media: { as: (typeof MEDIA_FAULTS)[number]; id?: string; status?: number; to?: string; ms?: number };
};

const MEDIA_FAULTS = ["status", "redirect", "otherBytes", "cut", "slow", "smallSize", "largeSize"] as const;

export type FaultName = keyof FaultSettings;
export type Fault<N extends FaultName> = FaultSettings[N] & { times?: number };
export type BatchShape = "entries" | "changes" | "items";
export type CallKind = "send" | "read" | "other";
export type OnCall = { on?: CallKind | "any"; phoneNumberId?: string };

export type Faults = {
  /** Replaces all faults; throws `BadInput` and changes nothing when one is wrong. */
  set(input: unknown): void;
  /** Adds faults to the active ones; throws as `set` does. */
  add(input: unknown): void;
  clear(): void;
  /** The active faults, with the remaining `times`. */
  list(): Fields;
  /** Finds the first active fault of this name that `matches`, and counts one use of it; null when there is none. */
  consume<N extends FaultName>(name: N, matches?: (fault: Fault<N>) => boolean): Fault<N> | null;
};

type Rules = { required?: Record<string, Rule>; optional?: Record<string, Rule> };

const onCall = { on: oneOf("send", "read", "other", "any"), phoneNumberId: text };
const rules: Record<FaultName, Rules> = {
  duplicate: { required: { copies: integer(1, 100) } },
  reorder: { required: { window: integer(2, 1000) }, optional: { ms: integer(0, 600_000) } },
  batch: {
    required: { size: integer(2, 1000) },
    optional: { as: oneOf("entries", "changes", "items"), ms: integer(0, 600_000) },
  },
  delay: { required: { ms: integer(0, 600_000) } },
  hold: { optional: { events: oneOf("statuses", "messages", "all") } },
  reverseStatuses: {},
  skipDelivered: {},
  failed: { required: { code: integer(0, 9_999_999) } },
  badSignature: {},
  noPhone: {},
  dropRequest: { optional: onCall },
  dropAnswer: { optional: onCall },
  answer: {
    optional: {
      ...onCall,
      status: integer(400, 599),
      code: integer(0, 9_999_999),
      subcode: integer(1, 9_999_999),
      html: flag,
      accepted: flag,
      retryAfterSeconds: integer(0, 86_400),
    },
  },
  delayAnswer: { required: { ms: integer(0, 600_000) }, optional: onCall },
  halfAnswer: { optional: onCall },
  brokenJson: { optional: onCall },
  statusFirst: { optional: onCall },
  messageStatus: {
    required: { as: oneOf("accepted", "held_for_quality_assessment", "paused") },
    optional: { phoneNumberId: text },
  },
  expiredToken: { optional: { token: text } },
  expiredMedia: { optional: { of: oneOf("url", "id"), id: text } },
  media: {
    required: { as: oneOf(...MEDIA_FAULTS) },
    optional: { id: text, status: integer(400, 599), to: text, ms: integer(0, 600_000) },
  },
};

export function createFaults(): Faults {
  let current: Record<string, Fields[]> = {};
  return {
    set(input) {
      current = parseFaults(input);
    },
    add(input) {
      for (const [name, more] of Object.entries(parseFaults(input)))
        current[name] = [...(current[name] ?? []), ...more];
    },
    clear() {
      current = {};
    },
    list() {
      return Object.fromEntries(
        Object.entries(current)
          .map(([name, list]) => [name, list.filter((fault) => fault.times !== 0)] as const)
          .filter(([, list]) => list.length > 0)
          .map(([name, list]) => [name, list.length === 1 ? list[0] : list]),
      );
    },
    consume(name, matches = () => true) {
      // `parseFaults` has checked every setting against the rules of its name.
      const list = (current[name] ?? []) as Fault<typeof name>[];
      const fault = list.find((candidate) => candidate.times !== 0 && matches(candidate)) ?? null;
      if (fault?.times !== undefined) fault.times -= 1;
      return fault;
    },
  };
}

function parseFaults(input: unknown): Record<string, Fields[]> {
  if (!isFields(input)) throw new BadInput("body", "must be an object: fault → settings");
  return Object.fromEntries(
    Object.entries(input).map(([name, settings]) => {
      if (!isFaultName(name))
        throw new BadInput(name, `is not a fault; allowed are ${Object.keys(rules).join(", ")}`);
      const list: unknown[] = Array.isArray(settings) ? settings : [settings];
      return [name, list.map((item) => parseSettings(name, item))];
    }),
  );
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(rules, name);
}

function parseSettings(name: FaultName, settings: unknown): Fields {
  if (!isFields(settings)) throw new BadInput(name, "must be an object, or a list of objects");
  const { required = {}, optional = {} } = rules[name];
  const allowed: Record<string, Rule> = { ...required, ...optional, times: integer(1, 1_000_000) };
  for (const key of Object.keys(required)) {
    if (settings[key] === undefined) throw new BadInput(`${name}.${key}`, "is missing");
  }
  for (const [key, value] of Object.entries(settings)) {
    const rule = Object.hasOwn(allowed, key) ? allowed[key] : undefined;
    const problem = rule ? rule(value) : `is unknown; allowed are ${Object.keys(allowed).join(", ")}`;
    if (problem) throw new BadInput(`${name}.${key}`, problem);
  }
  return { ...settings };
}
