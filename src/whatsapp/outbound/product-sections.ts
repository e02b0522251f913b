import type { z } from "zod";
import { PRODUCTS, SECTIONS } from "../limits.ts";
import { arrayOf, metaObject } from "./checks.ts";
import { sectionTitle, titled } from "./interactive-buttons.ts";
import { product } from "./interactive-parts.ts";

const item = metaObject({ product_retailer_id: product }, "A product");
const section = metaObject(
  {
    title: sectionTitle,
    product_items: arrayOf(item, "A section", "products", { min: 1, max: PRODUCTS }),
  },
  "A section",
);

/** Products under headings: in a message, and behind the button of a template. */
export const productSections = arrayOf(section, "A list of products", "sections", { min: 1, max: SECTIONS })
  .refine(titled, "Of several sections each must have a title.")
  .refine((all) => countOf(all) <= PRODUCTS, {
    error: ({ input }) =>
      `A list of products has at most ${PRODUCTS} products; this one has ${countOf(input as Section[])}.`,
  })
  .meta({ id: "ProductSections" });

type Section = z.infer<typeof section>;

function countOf(sections: Section[]): number {
  return sections.reduce((sum, { product_items }) => sum + product_items.length, 0);
}
