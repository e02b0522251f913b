import type { Contact } from "../../domain/chat.ts";
import type { Language } from "../strings/strings.ts";

const DAY_MS = 24 * 3_600_000;

/** `12:04`, in the browser's time zone. */
export function formatTime(at: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}

/** A day in a thread: today and yesterday in words, others as a date, of other years with the year. */
export function formatDay(at: string, now: Date, language: Language): string {
  const date = new Date(at);
  const daysAgo = Math.round((startOfDay(now) - startOfDay(date)) / DAY_MS);
  if (daysAgo === 0 || daysAgo === 1) {
    const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-daysAgo, "day");
    return words.charAt(0).toUpperCase() + words.slice(1);
  }
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "long", ...year }).format(date);
}

/** When a chat was last active: the time of today, the weekday of this week, else the date. */
export function formatMoment(at: string, now: Date, language: Language): string {
  const date = new Date(at);
  const daysAgo = Math.round((startOfDay(now) - startOfDay(date)) / DAY_MS);
  if (daysAgo <= 0) return formatTime(at, language);
  if (daysAgo < 7) return new Intl.DateTimeFormat(language, { weekday: "short" }).format(date);
  return new Intl.DateTimeFormat(language, { day: "2-digit", month: "2-digit", year: "2-digit" }).format(
    date,
  );
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

/** `+7 916 123-45-67`; of a country whose pattern we do not know the digits in threes. Only for show. */
export function formatPhone(digits: string): string {
  const [, country, area, a, b, c] = /^(7)(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(digits) ?? [];
  if (country) return `+${country} ${area} ${a}-${b}-${c}`;
  const [, one, code, first, last] = /^(1)(\d{3})(\d{3})(\d{4})$/.exec(digits) ?? [];
  if (one) return `+${one} (${code}) ${first}-${last}`;
  return `+${digits.replace(/(\d{3})(?=\d{2})/g, "$1 ")}`;
}

/** What a contact is called: name, else username, else phone, else what Meta calls them. */
export function nameOfContact({ name, username, phone, userId, id }: Contact): string {
  return name ?? (username ? `@${username}` : null) ?? (phone ? formatPhone(phone) : (userId ?? `#${id}`));
}

/** `1.4 MB`, in the language's way of writing numbers. */
export function formatBytes(bytes: number, language: Language): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const format = new Intl.NumberFormat(language, {
    style: "unit",
    unit: units[step] ?? "byte",
    maximumFractionDigits: step > 1 ? 1 : 0,
  });
  return format.format(bytes / 1000 ** step);
}

/** `45 %`, in the language's way of writing it. */
export function formatShare(share: number, language: Language): string {
  return new Intl.NumberFormat(language, { style: "percent" }).format(share);
}

/** `English (United States)` for Meta's `en_US`; a tag that is none of a language's as it is. */
export function formatLanguage(tag: string, language: Language): string {
  try {
    return new Intl.DisplayNames(language, { type: "language" }).of(tag.replace("_", "-")) ?? tag;
  } catch {
    return tag;
  }
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
