import type {
  CommonFields,
  MessageContext,
  MetaError,
  Product,
  Referral,
} from "../../domain/message-content.ts";
import { isUserId } from "../../domain/user-id.ts";
import { idOf, numberOf, objectOf, objectsOf, shortTextOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { ERRORS } from "../limits.ts";

/** What stands beside the content of a message, whatever its type. */
export function parseCommonFields(item: JsonObject): CommonFields {
  return {
    context: contextOf(item.context),
    referral: referralOf(item.referral),
    sender: idOf(item.group_id) ? senderOf(item) : null,
    identityHash: idOf(objectOf(item.identity).hash),
    errors: parseMetaErrors(item.errors),
  };
}

/** Meta's errors in its own words; `details` stands in more than one place. */
export function parseMetaErrors(errors: unknown): MetaError[] {
  return objectsOf(errors, ERRORS).map(({ code, title, message, details, error_data, href }) => ({
    code: numberOf(code),
    title: shortTextOf(title) ?? shortTextOf(message),
    detail: shortTextOf(objectOf(error_data).details) ?? shortTextOf(details) ?? shortTextOf(message),
    href: shortTextOf(href),
  }));
}

export function productOf(product: JsonObject): Product {
  return { catalogId: idOf(product.catalog_id), productId: idOf(product.product_retailer_id) };
}

/** Of what we send it is `message_id` that names the message replied to. */
function contextOf(value: unknown): MessageContext | null {
  if (!isObject(value)) return null;
  const { id, message_id, from, forwarded, frequently_forwarded, referred_product } = value;
  const often = frequently_forwarded === true;
  return {
    wamid: idOf(id) ?? idOf(message_id),
    from: idOf(from),
    forwarded: forwarded === true || often,
    frequentlyForwarded: often,
    product: nullIfEmpty(productOf(objectOf(referred_product))),
  };
}

function referralOf(value: unknown): Referral | null {
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
    welcomeText: shortTextOf(objectOf(value.welcome_message).text),
  });
}

/** Some write out an empty object for what is not there. */
function nullIfEmpty<Said extends object>(said: Said): Said | null {
  return Object.values(said).some((value) => value !== null) ? said : null;
}

function senderOf(item: JsonObject): CommonFields["sender"] {
  const from = idOf(item.from);
  const phone = from && !isUserId(from) ? from : null;
  const userId = idOf(item.from_user_id) ?? (from && isUserId(from) ? from : null);
  return phone || userId ? { phone, userId } : null;
}
