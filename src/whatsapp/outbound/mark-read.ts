import { z } from "zod";
import { bounded } from "./bounded.ts";
import { metaObject, nonEmpty, oneOf } from "./checks.ts";

/** Tells a customer that a message, and all before it, were read; with `typing_indicator` also that an answer comes. */
export const markReadBody = bounded(
  metaObject(
    {
      status: z.literal("read", { error: "The status is read." }),
      message_id: nonEmpty("The id of the message"),
      typing_indicator: metaObject(
        { type: oneOf(["text"], "The type of a typing indicator") },
        "A typing indicator",
      ).optional(),
    },
    "The request",
  ),
);
