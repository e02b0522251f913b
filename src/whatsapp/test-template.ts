import { shortTextOf } from "./json-fields.ts";
import type { JsonObject } from "./json-text.ts";

/** Every new account has it. */
const SAMPLE = "hello_world";

/**
 * An approved template that needs no values, of those that Graph lists: Meta's sample, else one that is not marketing, else any.
 * Null when there is none.
 */
export function testTemplateOf(
  listed: readonly JsonObject[],
): { name: string; language: { code: string } } | null {
  const usable = listed.flatMap((one) => {
    const [name, code] = [shortTextOf(one.name), shortTextOf(one.language)];
    return name && code && isPlain(one) ? [{ name, code, isMarketing: one.category === "MARKETING" }] : [];
  });
  const chosen =
    usable.find(({ name }) => name === SAMPLE) ?? usable.find(({ isMarketing }) => !isMarketing) ?? usable[0];
  return chosen ? { name: chosen.name, language: { code: chosen.code } } : null;
}

/** Authentication templates, media headers, carousels and buttons that take values cannot be sent as they are. */
function isPlain({ status, category, components }: JsonObject): boolean {
  const text = JSON.stringify(components ?? []);
  return (
    status === "APPROVED" &&
    category !== "AUTHENTICATION" &&
    !text.includes("{{") &&
    !/"(IMAGE|VIDEO|DOCUMENT|LOCATION|CAROUSEL|COPY_CODE|OTP|CATALOG|MPM|FLOW|LIMITED_TIME_OFFER)"/i.test(
      text,
    )
  );
}
