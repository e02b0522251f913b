import { isNonBlank, nonBlankStringsOf, objectOf, objectsOf, stringOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { PRODUCTS, SECTION_TITLE_LENGTH, SECTIONS } from "../limits.ts";
import { action, type Codec, type Fault, wrong } from "./codec.ts";

const product: Codec = {
  types: ["product"],
  write: (value) => {
    const { productId, catalogId } = objectOf(value);
    return { product: { product_retailer_id: productId, catalog_id: catalogId } };
  },
  check: (parameter) => {
    const { product_retailer_id, catalog_id } = objectOf(parameter.product);
    const isWhole = isNonBlank(product_retailer_id) && isNonBlank(catalog_id);
    return isWhole ? null : wrong("needs the id of a product and of its catalog");
  },
  read: (parameter) => {
    const { product_retailer_id: productId, catalog_id: catalogId } = objectOf(parameter.product);
    return isNonBlank(productId) && isNonBlank(catalogId) ? { productId, catalogId } : undefined;
  },
};

const products: Codec = {
  ...action("sections", checkProducts),
  write: (value) => {
    const { thumbnailId, sections } = objectOf(value);
    const sent = objectsOf(sections).map(({ title, productIds }) => ({
      title,
      product_items: nonBlankStringsOf(productIds).map((product_retailer_id) => ({ product_retailer_id })),
    }));
    return { action: { thumbnail_product_retailer_id: thumbnailId, sections: sent } };
  },
  read: (parameter) => {
    const { thumbnail_product_retailer_id: thumbnailId, sections } = objectOf(parameter.action);
    const read = objectsOf(sections).map(({ title, product_items }) => ({
      title: stringOf(title) ?? "",
      productIds: nonBlankStringsOf(objectsOf(product_items).map((item) => item.product_retailer_id)),
    }));
    return isNonBlank(thumbnailId) ? { thumbnailId, sections: read } : undefined;
  },
};

const thumbnail = action("thumbnail_product_retailer_id", ({ thumbnail_product_retailer_id }) =>
  isNonBlank(thumbnail_product_retailer_id) ? null : wrong("needs the id of a product"),
);

const order = action("order_details", ({ order_details }) =>
  isObject(order_details) ? null : wrong("needs order_details"),
);

/** What a form starts with; it may start with nothing. */
const data = action("flow_action_data", ({ flow_action_data }) =>
  flow_action_data === undefined || isObject(flow_action_data)
    ? null
    : wrong("must have flow_action_data that is an object"),
);

export const catalogCodecs = { product, products, thumbnail, order, data };

function checkProducts({ thumbnail_product_retailer_id, sections }: JsonObject): Fault | null {
  if (!isNonBlank(thumbnail_product_retailer_id)) return wrong("needs a product whose picture is shown");
  const list = objectsOf(sections);
  const items = list.flatMap(({ product_items }) => objectsOf(product_items));
  if (list.length === 0 || list.length > SECTIONS) return wrong(`needs 1 to ${SECTIONS} sections`);
  if (items.length === 0 || items.length > PRODUCTS) {
    return wrong(`needs 1 to ${PRODUCTS} products`);
  }
  if (items.some((item) => !isNonBlank(item.product_retailer_id))) {
    return wrong("needs an id for every product");
  }
  const isTitled = list.every(({ title }) => isNonBlank(title) && title.length <= SECTION_TITLE_LENGTH);
  if (isTitled) return null;
  return wrong(`needs a title of at most ${SECTION_TITLE_LENGTH} characters for every section`);
}
