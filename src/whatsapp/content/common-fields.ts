import type {
  CommonFields,
  MessageContext,
  MetaError,
  Product,
  Referral,
} from "../../domain/common-fields.ts";
import { isUserId } from "../../domain/user-id.ts";
import { idOf, listOf, numberOf, objectOf, phoneIdOf, shortTextOf, textOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { ERRORS } from "../limits.ts";

/** Parses what a message of any type may have. */
export function parseCommonFields(item: JsonObject): CommonFields {
  return {
    context: parseContext(item.context),
    referral: parseReferral(item.referral),
    sender: idOf(item.group_id) ? parseSender(item) : null,
    identityHash: idOf(objectOf(item.identity).hash),
    summary: textOf(objectOf(objectOf(item.conversation_context).summary).text),
    errors: parseMetaErrors(item.errors),
  };
}

export const NO_COMMON_FIELDS: CommonFields = parseCommonFields({});

/** Parses Meta's errors. `details` comes in more than one place. */
export function parseMetaErrors(errors: unknown): MetaError[] {
  return listOf(errors, ERRORS)
    .map(objectOf)
    .map(({ code, title, message, details, error_data, href }) => ({
      code: numberOf(code),
      title: shortTextOf(title) ?? shortTextOf(message),
      detail: shortTextOf(objectOf(error_data).details) ?? shortTextOf(details) ?? shortTextOf(message),
      href: shortTextOf(href),
    }));
}

export function parseProduct(product: JsonObject): Product {
  return { catalogId: idOf(product.catalog_id), productId: idOf(product.product_retailer_id) };
}

/** In what we send, `message_id` names the message replied to. */
function parseContext(value: unknown): MessageContext | null {
  if (!isObject(value)) return null;
  const { id, message_id, from, forwarded, frequently_forwarded, referred_product } = value;
  const isFrequent = frequently_forwarded === true;
  return {
    wamid: idOf(id) ?? idOf(message_id),
    from: idOf(from),
    forwarded: forwarded === true || isFrequent,
    frequentlyForwarded: isFrequent,
    product: nullIfEmpty(parseProduct(objectOf(referred_product))),
  };
}

function parseReferral(value: unknown): Referral | null {
  if (!isObject(value)) return null;
  return nullIfEmpty({
    sourceUrl: shortTextOf(value.source_url),
    sourceId: idOf(value.source_id),
    sourceType: shortTextOf(value.source_type),
    headline: shortTextOf(value.headline),
    text: shortTextOf(value.body),
    mediaType: shortTextOf(value.media_type),
    imageUrl: shortTextOf(value.image_url),
    videoUrl: shortTextOf(value.video_url),
    thumbnailUrl: shortTextOf(value.thumbnail_url),
    clickId: shortTextOf(value.ctwa_clid),
    ref: shortTextOf(value.ref),
    welcomeText: shortTextOf(objectOf(value.welcome_message).text),
  });
}

/** Some senders write an empty object for what is not there. */
function nullIfEmpty<Fields extends object>(fields: Fields): Fields | null {
  return Object.values(fields).some((value) => value !== null) ? fields : null;
}

function parseSender(item: JsonObject): CommonFields["sender"] {
  const from = phoneIdOf(item.from);
  const phone = from && !isUserId(from) ? from : null;
  const userId = idOf(item.from_user_id) ?? (from && isUserId(from) ? from : null);
  return phone || userId ? { name: null, phone, userId } : null;
}
