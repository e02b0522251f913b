// Every limit that is checked before a call, each with where it comes from:
// [table] the tables of types and templates in Meta's Cloud API reference, [OpenAPI] facebook/openapi,
// [page] Meta's page of that message type, [ours] a bound of our own where Meta names none.
// Where Meta's pages disagree the greater one counts: if it is too great Meta refuses, and nothing valid is held back.

/** [table] `text.body`. */
export const TEXT_LENGTH = 4096;
/** [table] Captions of images, videos and documents. */
export const CAPTION_LENGTH = 1024;
/** [ours] The longest emoji of Unicode, a family with skin tones, has about 25. */
export const EMOJI_LENGTH = 64;
/** [page] "Up to 257"; [OpenAPI] says 5. */
export const CONTACT_CARDS = 257;

/** [table] The text of an interactive message. */
export const INTERACTIVE_BODY_LENGTH = 1024;
/** [table] The text of a list; [OpenAPI] says 1,024. */
export const LIST_BODY_LENGTH = 4096;
/** [table] A header that is a text, of interactive messages and of templates. */
export const HEADER_LENGTH = 60;
/** [table] Footers, of interactive messages and of templates. */
export const FOOTER_LENGTH = 60;
/** [table] Reply buttons of one message. */
export const REPLY_BUTTONS = 3;
/** [table] The title of a reply button, the label of a list's or a link's button. */
export const BUTTON_TITLE_LENGTH = 20;
/** [table] The id of a reply button. */
export const BUTTON_ID_LENGTH = 256;
/** [table] Sections of a list or of a list of products. */
export const SECTIONS = 10;
/** [table] Rows of a list, over all its sections. */
export const LIST_ROWS = 10;
/** [table] The title of a section. */
export const SECTION_TITLE_LENGTH = 24;
/** [table] The title of a row. */
export const ROW_TITLE_LENGTH = 24;
/** [table] The id of a row. */
export const ROW_ID_LENGTH = 200;
/** [table] The description of a row. */
export const ROW_DESCRIPTION_LENGTH = 72;
/** [table] The label of a flow's button; another page recommends 20. */
export const FLOW_CTA_LENGTH = 30;
/** [table] Products of a list, over all its sections. */
export const PRODUCTS = 30;
/** [table] The fewest and the most cards of a carousel. */
export const CARDS = { min: 2, max: 10 };
/** [page] The text of a card, in a message and in a template. */
export const CARD_BODY_LENGTH = 160;
/** [page] How long a call button works: 30 days. */
export const CALL_TTL_MINUTES = 43_200;
/** [page] What comes back with a call made by a call button. */
export const CALL_PAYLOAD_LENGTH = 512;
/** [page] The name of an order, `reference_id`. */
export const REFERENCE_ID_LENGTH = 35;

/** [table] The name of a template. */
export const TEMPLATE_NAME_LENGTH = 512;
/** [table] The text of a template, with its variables filled in. */
export const TEMPLATE_BODY_LENGTH = 1024;
/** [page] One value of a template that is nothing but a body; filled into another one, less fits. */
export const TEMPLATE_VALUE_LENGTH = 32_768;
/** [table] A coupon, of `copy_code`. */
export const COUPON_LENGTH = 15;
/** [table] Buttons of a template. */
export const TEMPLATE_BUTTONS = 10;
/** [page] The label of a template's button. */
export const TEMPLATE_BUTTON_LENGTH = 25;
/** [page] The address of a template's button. */
export const TEMPLATE_URL_LENGTH = 2000;
/** [page] The phone number of a template's button. */
export const TEMPLATE_PHONE_LENGTH = 20;
/** [page] The title of a limited-time offer. */
export const OFFER_LENGTH = 16;
/** [page] Minutes for which a code of an authentication template holds. */
export const CODE_MINUTES = 90;
/** [table] Seconds for which Meta tries to deliver a template; -1, on Meta's page, is 30 days. */
export const TEMPLATE_TTL_SECONDS = {
  AUTHENTICATION: { min: 30, max: 900 },
  UTILITY: { min: 30, max: 43_200 },
  MARKETING: { min: 43_200, max: 2_592_000 },
};

/** [table] The business profile. */
export const ABOUT_LENGTH = 139;
/** [table] The business profile. */
export const ADDRESS_LENGTH = 256;
/** [page] The business profile; [OpenAPI] says 256. */
export const DESCRIPTION_LENGTH = 512;
/** [table] The business profile. */
export const EMAIL_LENGTH = 128;
/** [table] The business profile. */
export const WEBSITES = 2;
/** [table] One website of the business profile. */
export const WEBSITE_LENGTH = 256;

/** [table] `biz_opaque_callback_data`: our tag of a send, which comes back in its statuses. */
export const TAG_LENGTH = 512;

/**
 * [page] The size of a file, by what it is to Meta.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types
 */
export const MEDIA_BYTES = {
  image: 5 * 1024 * 1024,
  audio: 16 * 1024 * 1024,
  video: 16 * 1024 * 1024,
  sticker: 500 * 1024,
  document: 100 * 1024 * 1024,
} as const;

/** [ours] How deep Meta's objects nest: a carousel of products in a template has 12 levels. */
export const DEPTH = 32;
/** [ours] Values in one message. The greatest that the other limits allow have some hundreds. */
export const VALUES = 10_000;

/** [ours] The longest text that is stored; Meta's own limit for a text is 4,096. */
export const STORED_TEXT_LENGTH = 65_536;
/** [ours] A stored text that is short by nature: a title, a name, a URL. */
export const SHORT_TEXT_LENGTH = 4_096;
/** [ours] Items read of one list. */
export const LIST_ITEMS = 300;
/** [ours] Errors read of one message or status. */
export const ERRORS = 20;
