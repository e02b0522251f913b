import { flag, integer, oneOf, type Rule, text } from "./fault-rules.ts";
import { BadInput, type Fields, isFields } from "./fields.ts";

/**
 * How the simulator is told to misbehave: `PUT /simulator/faults` with one object, fault → settings, or fault
 * → list of settings that are used up one after the other. It replaces what was set before; `POST` adds to it.
 * `{}` as settings takes the defaults. Each takes `times` (how often, without it: until cleared). Faults live in
 * memory: a restart heals, as `DELETE` does.
 *
 *     {"dropAnswer": {"times": 1}, "answer": [{"code": 130429, "times": 2}, {"status": 502, "times": 1}]}
 *
 * Webhooks. `times` counts POSTs; for `reorder` and `batch` gatherings, for `hold`, `reverseStatuses`,
 * `skipDelivered`, `failed` and `noPhone` messages or events.
 * - `duplicate {copies}`: each POST goes out that many more times, all at once.
 * - `reorder {window}`: waits for that many events (or 300 ms), then delivers them one by one in another
 *   order.
 * - `batch {size, as}`: several events in one POST, as `entries`, as `changes` of one entry, or merged into
 *   lists of `items`.
 * - `delay {ms}`: waits before each POST.
 * - `hold {events}`: keeps `statuses`, `messages` or `all` events back until the faults are cleared or
 *   replaced.
 * - `reverseStatuses`: a message's statuses go out in reverse order. `skipDelivered`: `sent` is followed by
 *   `read`.
 * - `failed {code}`: an accepted message is reported as `failed` with this code and never shown to the
 *   customer.
 * - `badSignature`: signed with another secret. `noPhone`: events carry no phone number of any customer.
 *
 * Calls to Graph. `on` says which: `send` (default), `read` (mark as read, typing), `other`, `any`;
 * `phoneNumberId` limits them to one number. What spoils an answer is not used up by a call that Graph
 * refuses anyway; `answer` is.
 * - `dropRequest`: the connection is cut before anything was accepted. `dropAnswer`: after.
 * - `answer {status, code, subcode, html, accepted, retryAfterSeconds}`: this error instead; with `accepted` the call
 *   took effect.
 * - `delayAnswer {ms}`, `halfAnswer` (cut in the middle), `brokenJson` (cut, but a whole HTTP answer).
 * - `statusFirst`: the answer waits until the first attempt at delivering the message's statuses is over.
 * - `expiredToken {token}`: this token, or without it every token, is answered with 190.
 * - `expiredMedia {of, id}`: the `url` (default) or the `id` of media is not there any more.
 * - `media {as, id}`: the bytes come as `status` (an error, by default 503), `redirect` (to `to`), `otherBytes` (of the
 *   same length), `cut` in the middle, or `slow` (`ms` in the middle); `smallSize`: Graph says fewer than there are,
 *   `largeSize`: more than 100 MB.
 */
export type FaultSettings = {
  duplicate: { copies: number };
  reorder: { window: number };
  batch: { size: number; as?: BatchShape };
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
  expiredToken: { token?: string };
  expiredMedia: { of?: "url" | "id"; id?: string };
  media: { as: (typeof mediaSpoils)[number]; id?: string; status?: number; to?: string; ms?: number };
};

const mediaSpoils = ["status", "redirect", "otherBytes", "cut", "slow", "smallSize", "largeSize"] as const;

export type FaultName = keyof FaultSettings;
export type Fault<N extends FaultName> = FaultSettings[N] & { times?: number };
export type BatchShape = "entries" | "changes" | "items";
export type CallKind = "send" | "read" | "other";
export type OnCall = { on?: CallKind | "any"; phoneNumberId?: string };

export type Faults = {
  /** Replaces all faults; throws `BadInput` and changes nothing when one is wrong. */
  set(input: unknown): void;
  /** Puts more of them beside those that are in force; throws as `set` does. */
  add(input: unknown): void;
  clear(): void;
  /** Those that are still in force, with what is left of `times`. */
  list(): Fields;
  /** Uses the first fault of this name that `fits` once, or gives null. */
  take<N extends FaultName>(name: N, fits?: (fault: Fault<N>) => boolean): Fault<N> | null;
};

type Rules = { required?: Record<string, Rule>; optional?: Record<string, Rule> };

const onCall = { on: oneOf("send", "read", "other", "any"), phoneNumberId: text };
const rules: Record<FaultName, Rules> = {
  duplicate: { required: { copies: integer(1, 100) } },
  reorder: { required: { window: integer(2, 1000) } },
  batch: { required: { size: integer(2, 1000) }, optional: { as: oneOf("entries", "changes", "items") } },
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
  expiredToken: { optional: { token: text } },
  expiredMedia: { optional: { of: oneOf("url", "id"), id: text } },
  media: {
    required: { as: oneOf(...mediaSpoils) },
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
    take(name, fits = () => true) {
      // `parseFaults` has checked every setting against the rules of its name.
      const list = (current[name] ?? []) as Fault<typeof name>[];
      const fault = list.find((candidate) => candidate.times !== 0 && fits(candidate)) ?? null;
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
        throw new BadInput(name, `is no fault; there are ${Object.keys(rules).join(", ")}`);
      const list: unknown[] = Array.isArray(settings) ? settings : [settings];
      return [name, list.map((one) => parseSettings(name, one))];
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
    const problem = rule ? rule(value) : `is not known; there are ${Object.keys(allowed).join(", ")}`;
    if (problem) throw new BadInput(`${name}.${key}`, problem);
  }
  return { ...settings };
}
