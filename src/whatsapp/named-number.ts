/** The number is among the first lines of a body. */
const READ_BYTES = 4096;

/** The phone number ID that a body names, whoever sent it, without parsing it; null when its beginning names none. */
export function numberNamedIn(body: Uint8Array): string | null {
  const text = new TextDecoder().decode(body.subarray(0, READ_BYTES));
  return /"phone_number_id"\s*:\s*"(\d{5,20})"/.exec(text)?.[1] ?? null;
}
