import { literal, metaObject } from "./checks.ts";
import { action, body, catalogId, footer, product as productId, textHeader } from "./interactive-parts.ts";
import { productSections } from "./product-sections.ts";

// What a customer can put into a cart.

export const product = metaObject(
  {
    type: literal("product"),
    body: body.optional(),
    footer,
    action: metaObject({ catalog_id: catalogId, product_retailer_id: productId }, "The action"),
  },
  "An interactive message",
).refine((message) => message.header === undefined, {
  error: "A product has no header: its own picture stands there.",
  path: ["header"],
});

export const productList = metaObject(
  {
    type: literal("product_list"),
    header: textHeader,
    body,
    footer,
    action: metaObject({ catalog_id: catalogId, sections: productSections }, "The action"),
  },
  "An interactive message",
);

export const catalog = metaObject(
  {
    type: literal("catalog_message"),
    body,
    footer,
    action: action("catalog_message", {
      parameters: metaObject(
        { thumbnail_product_retailer_id: productId.optional() },
        "The parameters",
      ).optional(),
    }),
  },
  "An interactive message",
);
