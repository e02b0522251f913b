import type {
  CommonFields,
  MessageContext,
  MetaError,
  Product,
  Referral,
} from "../../domain/message-content.ts";
import { isUserId } from "../../domain/user-id.ts";
import { idOf, isObject, type JsonObject, numberOf } from "../json-text.ts";
import { objectOf, objectsOf, wordOf } from "./loose.ts";

const MOST_ERRORS = 20;

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
  return objectsOf(errors, MOST_ERRORS).map(({ code, title, message, details, error_data, href }) => ({
    code: numberOf(code),
    title: wordOf(title) ?? wordOf(message),
    detail: wordOf(objectOf(error_data).details) ?? wordOf(details) ?? wordOf(message),
    href: wordOf(href),
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
    sourceUrl: wordOf(value.source_url),
    sourceId: idOf(value.source_id),
    sourceType: wordOf(value.source_type),
    headline: wordOf(value.headline),
    text: wordOf(value.body),
    mediaType: wordOf(value.media_type),
    imageUrl: wordOf(value.image_url),
    videoUrl: wordOf(value.video_url),
    thumbnailUrl: wordOf(value.thumbnail_url),
    clickId: wordOf(value.ctwa_clid),
    welcomeText: wordOf(objectOf(value.welcome_message).text),
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
