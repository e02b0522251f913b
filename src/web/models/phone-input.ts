/**
 * The digits of a phone number as people type it: `+7 (916) 123-45-67`, `0049…`, `8 916 …`, which Russians dial for +7. Null when it
 * cannot be one with its country code (ITU-T E.164: at most 15 digits).
 */
export function parsePhone(text: string): string | null {
  const trimmed = text.trim();
  if (!/^\+?[\d\s().-]+$/.test(trimmed)) return null;
  const digits = trimmed.replace(/\D/g, "");
  const international = trimmed.startsWith("+")
    ? digits
    : digits.replace(/^00/, "").replace(/^8(?=9\d{9}$)/, "7");
  return /^[1-9]\d{7,14}$/.test(international) ? international : null;
}
