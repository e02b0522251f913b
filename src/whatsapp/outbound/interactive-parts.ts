import { z } from "zod";
import { FOOTER_LENGTH, HEADER_LENGTH, INTERACTIVE_BODY_LENGTH } from "../limits.ts";
import { atMost, literal, metaObject, nonBlank, nonEmpty, oneOf, unionError } from "./checks.ts";
import { documentFile, image, video } from "./media.ts";

// What most interactive messages consist of.

const textOnly = metaObject({ type: literal("text"), text: nonBlank(HEADER_LENGTH, "A header") }, "A header");

/** Of the kinds that have no picture above. */
export const textHeader = z
  .discriminatedUnion("type", [textOnly], unionError("A header of this kind", ["text"]))
  .meta({ id: "TextHeader" });

/** What cards of a carousel begin with. */
export const picture = z.discriminatedUnion(
  "type",
  [
    metaObject({ type: literal("image"), image }, "A header"),
    metaObject({ type: literal("video"), video }, "A header"),
  ],
  unionError("The header of a card", ["image", "video"]),
);

export const header = z
  .discriminatedUnion(
    "type",
    [
      textOnly,
      ...picture.options,
      metaObject({ type: literal("document"), document: documentFile }, "A header"),
    ],
    unionError("A header", ["text", "image", "video", "document"]),
  )
  .meta({ id: "MessageHeader" });

export const body = bodyOf(INTERACTIVE_BODY_LENGTH).meta({ id: "InteractiveBody" });
export const footer = metaObject({ text: atMost(FOOTER_LENGTH, "A footer") }, "A footer")
  .meta({ id: "InteractiveFooter" })
  .optional();

export function bodyOf(limit: number) {
  return metaObject({ text: nonBlank(limit, "The text of this message") }, "The body of this message");
}

/** An action with the name that Meta gives it, which is always the same for a kind. */
export function action<const Name extends string, Shape extends z.ZodRawShape>(name: Name, more: Shape) {
  return metaObject({ name: oneOf([name], "The name of this action"), ...more }, "The action");
}

export const catalogId = nonEmpty("The id of a catalog");
export const product = nonEmpty("The id of a product");
