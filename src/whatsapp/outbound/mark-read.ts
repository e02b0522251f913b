import { z } from "zod";
import { bounded } from "./bounded.ts";
import { metas, oneOf, some } from "./checks.ts";

/** Tells a customer that a message, and all before it, were read; with `typing_indicator` also that an answer comes. */
export const markReadBody = bounded(
  metas(
    {
      status: z.literal("read", { error: "The status is read." }),
      message_id: some("The id of the message"),
      typing_indicator: metas(
        { type: oneOf(["text"], "The type of a typing indicator") },
        "A typing indicator",
      ).optional(),
    },
    "The request",
  ),
);
