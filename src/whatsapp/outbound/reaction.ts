import { EMOJI_LENGTH } from "../limits.ts";
import { atMost, metaObject, nonEmpty } from "./checks.ts";

/** An emoji on a message, which Meta's id names; an empty one takes it back. */
export const reaction = metaObject(
  { message_id: nonEmpty("The id of the message"), emoji: atMost(EMOJI_LENGTH, "An emoji") },
  "A reaction",
);
