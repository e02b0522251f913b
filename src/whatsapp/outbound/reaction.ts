import { atMost, metas, some } from "./checks.ts";
import { EMOJI_LENGTH } from "./limits.ts";

/** An emoji on a message, which Meta's id names; an empty one takes it back. */
export const reaction = metas(
  { message_id: some("The id of the message"), emoji: atMost(EMOJI_LENGTH, "An emoji") },
  "A reaction",
);
