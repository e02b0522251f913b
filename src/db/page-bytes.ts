/** A page of messages or events ends early when its rows reach this size, so that an answer stays far below 2 MB. */
export const PAGE_BYTES = 1_000_000;
