/** The format of a request id from a caller. It is returned and logged, but not trusted. */
const REQUEST_ID = /^[\w-]{8,64}$/;

/** The caller's own id of the request, or a new one. */
export function requestIdOf(request: Request): string {
  const given = request.headers.get("x-request-id");
  return given && REQUEST_ID.test(given) ? given : crypto.randomUUID();
}

/** The headers of every answer. */
export function commonHeaders(requestId: string): Record<string, string> {
  return {
    "x-request-id": requestId,
    // File responses override it.
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
}
