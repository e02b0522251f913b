import { objectOf } from "../content/loose.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { action, type Codec, type Fault, wrong } from "./codec.ts";
import { isWord, objectsOf, textOf, wordsOf } from "./loose.ts";

const MOST_SECTIONS = 10;
const MOST_PRODUCTS = 30;
const SECTION_TITLE_LENGTH = 24;

const product: Codec = {
  types: ["product"],
  write: (value) => {
    const { productId, catalogId } = objectOf(value);
    return { product: { product_retailer_id: productId, catalog_id: catalogId } };
  },
  check: (parameter) => {
    const { product_retailer_id, catalog_id } = objectOf(parameter.product);
    const isWhole = isWord(product_retailer_id) && isWord(catalog_id);
    return isWhole ? null : wrong("needs the id of a product and of its catalog");
  },
  read: (parameter) => {
    const { product_retailer_id: productId, catalog_id: catalogId } = objectOf(parameter.product);
    return isWord(productId) && isWord(catalogId) ? { productId, catalogId } : undefined;
  },
};

const products: Codec = {
  ...action("sections", checkProducts),
  write: (value) => {
    const { thumbnailId, sections } = objectOf(value);
    const sent = objectsOf(sections).map(({ title, productIds }) => ({
      title,
      product_items: wordsOf(productIds).map((product_retailer_id) => ({ product_retailer_id })),
    }));
    return { action: { thumbnail_product_retailer_id: thumbnailId, sections: sent } };
  },
  read: (parameter) => {
    const { thumbnail_product_retailer_id: thumbnailId, sections } = objectOf(parameter.action);
    const read = objectsOf(sections).map(({ title, product_items }) => ({
      title: textOf(title) ?? "",
      productIds: wordsOf(objectsOf(product_items).map((item) => item.product_retailer_id)),
    }));
    return isWord(thumbnailId) ? { thumbnailId, sections: read } : undefined;
  },
};

const thumbnail = action("thumbnail_product_retailer_id", ({ thumbnail_product_retailer_id }) =>
  isWord(thumbnail_product_retailer_id) ? null : wrong("needs the id of a product"),
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
  if (!isWord(thumbnail_product_retailer_id)) return wrong("needs a product whose picture is shown");
  const list = objectsOf(sections);
  const items = list.flatMap(({ product_items }) => objectsOf(product_items));
  if (list.length === 0 || list.length > MOST_SECTIONS) return wrong(`needs 1 to ${MOST_SECTIONS} sections`);
  if (items.length === 0 || items.length > MOST_PRODUCTS) {
    return wrong(`needs 1 to ${MOST_PRODUCTS} products`);
  }
  if (items.some((item) => !isWord(item.product_retailer_id))) {
    return wrong("needs an id for every product");
  }
  const isTitled = list.every(({ title }) => isWord(title) && title.length <= SECTION_TITLE_LENGTH);
  if (isTitled) return null;
  return wrong(`needs a title of at most ${SECTION_TITLE_LENGTH} characters for every section`);
}
