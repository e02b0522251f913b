import { isNonBlank, objectOf, stringOf } from "../json-fields.ts";
import { COUPON_LENGTH } from "../limits.ts";
import { type Codec, type Fault, textCodec, wrong } from "./codec.ts";

/** Meta refuses new-line or tab characters, or more than four consecutive spaces. */
const REFUSED_IN_TEXT = /[\n\r\t]| {5}/;

const plain = textCodec("text", (text) =>
  REFUSED_IN_TEXT.test(text)
    ? { code: "bad_characters", reason: "must not hold line breaks, tabs or more than 4 spaces in a row" }
    : null,
);

/** A variable. Meta takes a sum or a moment too, with the text to show as `fallback_value`. */
const text: Codec = {
  ...plain,
  types: ["text", "currency", "date_time"],
  check: (parameter) => plain.check({ text: wordsIn(parameter) }),
  read: (parameter) => stringOf(wordsIn(parameter)),
};

function wordsIn(parameter: Record<string, unknown>): unknown {
  if (parameter.type === "text") return parameter.text;
  return objectOf(parameter[String(parameter.type)]).fallback_value;
}

/** The end of a button's address. */
const suffix = textCodec("text", (text) =>
  /\s/.test(text) ? { code: "bad_characters", reason: "must not hold blanks or line breaks" } : null,
);

/** What comes back when the customer presses the button; examples of Meta's give it as `text` too. */
const payload: Codec = {
  ...textCodec("payload", () => null),
  types: ["payload", "text"],
  check: ({ payload, text }) => (isNonBlank(payload ?? text) ? null : wrong("must be a text")),
  read: ({ payload, text }) => stringOf(payload ?? text),
};

export const textCodecs = {
  text,
  suffix,
  payload,
  code: textCodec("text", notTooLong),
  coupon: textCodec("coupon_code", notTooLong),
};

function notTooLong({ length }: string): Fault | null {
  if (length <= COUPON_LENGTH) return null;
  return { code: "too_long", reason: `has at most ${COUPON_LENGTH} characters; this one has ${length}` };
}
