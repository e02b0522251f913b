import { cleanText } from "../clean-text.ts";
import { words } from "./checks.ts";
import { TEXT_LENGTH } from "./limits.ts";

/** What an agent may send as `message`; blank text is refused by Meta, U+0000 and lone surrogates by Postgres. */
export const textMessage = words(TEXT_LENGTH, "A text")
  .refine((text) => cleanText(text) === text, "The text holds characters that cannot be stored.")
  .meta({ maxLength: TEXT_LENGTH });
