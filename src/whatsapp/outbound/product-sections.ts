import type { z } from "zod";
import { listOf, metas } from "./checks.ts";
import { sectionTitle, titled } from "./interactive-buttons.ts";
import { product } from "./interactive-parts.ts";
import { PRODUCTS, SECTIONS } from "./limits.ts";

const item = metas({ product_retailer_id: product }, "A product");
const section = metas(
  {
    title: sectionTitle,
    product_items: listOf(item, "A section", "products", { min: 1, max: PRODUCTS }),
  },
  "A section",
);

/** Products under headings: in a message, and behind the button of a template. */
export const productSections = listOf(section, "A list of products", "sections", { min: 1, max: SECTIONS })
  .refine(titled, "Of several sections each must have a title.")
  .refine((all) => countOf(all) <= PRODUCTS, {
    error: ({ input }) =>
      `A list of products has at most ${PRODUCTS} products; this one has ${countOf(input as Section[])}.`,
  });

type Section = z.infer<typeof section>;

function countOf(sections: Section[]): number {
  return sections.reduce((sum, { product_items }) => sum + product_items.length, 0);
}
