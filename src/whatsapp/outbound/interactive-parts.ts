import { z } from "zod";
import { atMost, kinds, metas, oneOf, only, some, words } from "./checks.ts";
import { FOOTER_LENGTH, HEADER_LENGTH, INTERACTIVE_BODY_LENGTH } from "./limits.ts";
import { documentFile, image, video } from "./media.ts";

// What most interactive messages consist of.

const textOnly = metas({ type: only("text"), text: words(HEADER_LENGTH, "A header") }, "A header");

/** Of the kinds that have no picture above. */
export const textHeader = z.discriminatedUnion("type", [textOnly], kinds("A header of this kind", ["text"]));

/** What cards of a carousel begin with. */
export const picture = z.discriminatedUnion(
  "type",
  [metas({ type: only("image"), image }, "A header"), metas({ type: only("video"), video }, "A header")],
  kinds("The header of a card", ["image", "video"]),
);

export const header = z
  .discriminatedUnion(
    "type",
    [textOnly, ...picture.options, metas({ type: only("document"), document: documentFile }, "A header")],
    kinds("A header", ["text", "image", "video", "document"]),
  )
  .meta({ id: "MessageHeader" });

export const body = bodyOf(INTERACTIVE_BODY_LENGTH);
export const footer = metas({ text: atMost(FOOTER_LENGTH, "A footer") }, "A footer").optional();

export function bodyOf(limit: number) {
  return metas({ text: words(limit, "The text of this message") }, "The body of this message");
}

/** An action with the name that Meta gives it, which is always the same for a kind. */
export function action<const Name extends string, Shape extends z.ZodRawShape>(name: Name, more: Shape) {
  return metas({ name: oneOf([name], "The name of this action"), ...more }, "The action");
}

export const catalogId = some("The id of a catalog");
export const product = some("The id of a product");
