/**
 * The query of Meta's verification request, with which a page can try its own webhook address before Meta does.
 * https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
 */
export function verificationQuery(verifyToken: string, challenge: string): URLSearchParams {
  return new URLSearchParams({
    "hub.mode": "subscribe",
    "hub.verify_token": verifyToken,
    "hub.challenge": challenge,
  });
}
