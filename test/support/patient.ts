/**
 * Build constants by which a Worker on a busy machine stores what it is sent, where the values of production would have it spool that
 * or answer 503.
 */
export const PATIENT = { HEDGE_MS: "1500", SUBMIT_LIMIT_MS: "20000" };
