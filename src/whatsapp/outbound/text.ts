import { cleanText } from "../clean-text.ts";
import { TEXT_LENGTH } from "../limits.ts";
import { nonBlank } from "./checks.ts";

/** What an agent may send as `message`; blank text is refused by Meta, U+0000 and lone surrogates by Postgres. */
export const textMessage = nonBlank(TEXT_LENGTH, "A text")
  .refine((text) => cleanText(text) === text, "The text holds characters that cannot be stored.")
  .meta({ maxLength: TEXT_LENGTH });
