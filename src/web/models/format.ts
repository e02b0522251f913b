import type { Contact } from "../../domain/chat.ts";
import type { GroupSender } from "../../domain/common-fields.ts";
import type { Message } from "../../domain/message.ts";
import type { Language } from "../strings/strings.ts";

const DAY_MS = 24 * 3_600_000;

/** Country calling codes of two digits (ITU-T E.164); 1 and 7 have one, all others three. */
const TWO_DIGIT_CODE = /^(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

const times = perLanguage(
  (language) =>
    new Intl.DateTimeFormat(language, { hour: language === "en" ? "numeric" : "2-digit", minute: "2-digit" }),
);
const weekdays = dates({ weekday: "short" });
const shortDates = dates({ day: "2-digit", month: "2-digit", year: "2-digit" });
const days = dates({ day: "numeric", month: "long" });
const mediumDates = dates({ dateStyle: "medium" });
const daysOfYears = dates({ day: "numeric", month: "long", year: "numeric" });
const moments = dates({ dateStyle: "medium", timeStyle: "short" });
const exactMoments = dates({ dateStyle: "medium", timeStyle: "medium" });
const relativeDays = perLanguage((language) => new Intl.RelativeTimeFormat(language, { numeric: "auto" }));
const shares = perLanguage((language) => new Intl.NumberFormat(language, { style: "percent" }));
const amountsOf = keyed((currency: string | null) =>
  perLanguage((language) => {
    const style = currency ? ({ style: "currency", currency } as const) : {};
    const digits = { maximumFractionDigits: 6, trailingZeroDisplay: "stripIfInteger" } as const;
    return new Intl.NumberFormat(language, { ...digits, ...style });
  }),
);
const sizes = ["byte", "kilobyte", "megabyte", "gigabyte"].map((unit, step) =>
  perLanguage((language) => {
    // "byte" has no short form of its own, and "999 byte" is no English.
    const unitDisplay = step === 0 ? "long" : "short";
    const maximumFractionDigits = step > 1 ? 1 : 0;
    return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay, maximumFractionDigits });
  }),
);
const languageNames = perLanguage((language) => new Intl.DisplayNames(language, { type: "language" }));

/** An amount as its currency is written, with all its decimals: `€2.50`, `890 ₽`. Without a currency of ISO 4217 the number alone. */
export function formatMoney(amount: number, currency: string | null, language: Language): string {
  return amountsOf(currency && /^[A-Z]{3}$/.test(currency) ? currency : null)(language).format(amount);
}

/** `9:04 AM` or `09:04`, in the browser's time zone. */
export function formatTime(at: string, language: Language): string {
  return times(language).format(new Date(at));
}

/** A date with its year, such as `Nov 29, 2026`. */
export function formatDate(at: string, language: Language): string {
  return mediumDates(language).format(new Date(at));
}

/** Date and time, such as `Nov 29, 2026, 9:04 AM`. */
export function formatDateTime(at: string | Date, language: Language): string {
  return moments(language).format(new Date(at));
}

/** Date and time to the second. */
export function formatExactTime(at: string, language: Language): string {
  return exactMoments(language).format(new Date(at));
}

/** A day in a thread: today and yesterday in words, others as a date, of other years with the year. */
export function formatDay(at: string, now: Date, language: Language): string {
  const date = new Date(at);
  const daysAgo = Math.round((startOfDay(now) - startOfDay(date)) / DAY_MS);
  if (daysAgo === 0 || daysAgo === 1) {
    const words = relativeDays(language).format(-daysAgo, "day");
    return words.charAt(0).toUpperCase() + words.slice(1);
  }
  return (date.getFullYear() === now.getFullYear() ? days : daysOfYears)(language).format(date);
}

/** When a chat was last active: the time of today, the weekday of this week, else the date. */
export function formatMoment(at: string, now: Date, language: Language): string {
  const date = new Date(at);
  const daysAgo = Math.round((startOfDay(now) - startOfDay(date)) / DAY_MS);
  if (daysAgo <= 0) return formatTime(at, language);
  return (daysAgo < 7 ? weekdays : shortDates)(language).format(date);
}

/** Whether two moments are of one day of the browser's calendar. */
export function isSameDay(a: string, b: string): boolean {
  return startOfDay(new Date(a)) === startOfDay(new Date(b));
}

/** `1:07`, a length in minutes and seconds. */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** `+7 916 123-45-67`; of a country whose pattern we do not know the digits after its code in threes. Only for show. */
export function formatPhone(digits: string): string {
  const [, country, area, a, b, c] = /^(7)(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(digits) ?? [];
  if (country) return `+${country} ${area} ${a}-${b}-${c}`;
  const [, one, city, first, last] = /^(1)(\d{3})(\d{3})(\d{4})$/.exec(digits) ?? [];
  if (one) return `+${one} (${city}) ${first}-${last}`;
  const code = TWO_DIGIT_CODE.exec(digits)?.[0] ?? digits.slice(0, /^[17]/.test(digits) ? 1 : 3);
  return `+${code} ${digits.slice(code.length).replace(/(\d{3})(?=\d{2})/g, "$1 ")}`.trimEnd();
}

/** What a contact is called: name, else username, else phone, else what Meta calls them. */
export function nameOfContact({ name, username, phone, userId, id }: Contact): string {
  return name ?? (username ? `@${username}` : null) ?? (phone ? formatPhone(phone) : (userId ?? `#${id}`));
}

/** What a member of a group is called; null when Meta does not say who it is. */
export function nameOfMember({ name, phone, userId }: GroupSender): string | null {
  return name ?? (phone === null ? userId : formatPhone(phone));
}

/** Who outside wrote a message: in a group the member, if known, else the contact. */
export function nameOfAuthor({ content }: Pick<Message, "content">, contactName: string): string {
  return (content?.sender && nameOfMember(content.sender)) ?? contactName;
}

/** `1.4 MB`, in the language's way of writing numbers. */
export function formatBytes(bytes: number, language: Language): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), sizes.length - 1);
  return sizes[step]?.(language).format(bytes / 1000 ** step) ?? "";
}

/** `45 %`, in the language's way of writing it. */
export function formatShare(share: number, language: Language): string {
  return shares(language).format(share);
}

/** `English (United States)` for Meta's `en_US`; a tag that is none of a language's as it is. */
export function formatLanguage(tag: string, language: Language): string {
  try {
    return languageNames(language).of(tag.replace("_", "-")) ?? tag;
  } catch {
    return tag;
  }
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function dates(options: Intl.DateTimeFormatOptions): (language: Language) => Intl.DateTimeFormat {
  return perLanguage((language) => new Intl.DateTimeFormat(language, options));
}

function perLanguage<T>(make: (language: Language) => T): (language: Language) => T {
  return keyed(make);
}

/** Makes one for each key and keeps it: a formatter takes a hundred times longer to make than to use. */
function keyed<Key, T>(make: (key: Key) => T): (key: Key) => T {
  const made = new Map<Key, T>();
  return (key) => {
    const one = made.get(key) ?? make(key);
    made.set(key, one);
    return one;
  };
}
