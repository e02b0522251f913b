import type { Money } from "../../domain/message-content.ts";
import { isRawNumber } from "../json-text.ts";

/** `units` divided by ten to the power of `scale`: exact, where a double would round. */
export type Decimal = { units: bigint; scale: number };

export const ZERO: Decimal = { units: 0n, scale: 0 };

const DECIMAL = /^(\d{1,32})(?:\.(\d{1,32}))?$/;
/** ISO 4217. */
const CURRENCY = /^[A-Z]{3}$/;
/** Of most currencies, and of those that are not known. */
const USUAL_DECIMALS = 2;

/** A number that is not negative, also one that came as text or raw; null for anything else. */
export function decimalOf(value: unknown): Decimal | null {
  const text = isRawNumber(value) ? value.rawJSON : typeof value === "number" ? String(value) : value;
  const [, whole, fraction = ""] = (typeof text === "string" && text.trim().match(DECIMAL)) || [];
  return whole === undefined ? null : { units: BigInt(whole + fraction), scale: fraction.length };
}

/** Meta's amount, `value` divided by `offset`, which is a power of ten: 21000 and 100 are 210. Null without an offset. */
export function offsetDecimalOf(value: unknown, offset: unknown): Decimal | null {
  const units = decimalOf(value);
  const [, zeros] = decimalText(decimalOf(offset) ?? ZERO).match(/^1(0*)$/) ?? [];
  return units && zeros !== undefined ? { ...units, scale: units.scale + zeros.length } : null;
}

export function product(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

export function sumOf(decimals: Decimal[]): Decimal {
  const scale = Math.max(0, ...decimals.map((one) => one.scale));
  const units = decimals.map((one) => one.units * 10n ** BigInt(scale - one.scale));
  return { units: units.reduce((sum, one) => sum + one, 0n), scale };
}

/** Without zeros at its end, but with at least so many decimals: `19`, `19.50`. */
export function decimalText({ units, scale }: Decimal, decimals = 0): string {
  const digits = units.toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits
    .slice(digits.length - scale)
    .replace(/0+$/, "")
    .padEnd(decimals, "0");
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** With as many decimals as the currency has, or more where the amount has more. */
export function amountText(amount: Decimal, currency: string | null): string {
  return decimalText(amount, currency === null ? 0 : decimalsOf(currency));
}

/** `210.00 INR`. */
export function moneyText({ amount, currency }: Money): string {
  return [amount, currency].filter(Boolean).join(" ");
}

function decimalsOf(currency: string): number {
  if (!CURRENCY.test(currency)) return USUAL_DECIMALS;
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? USUAL_DECIMALS;
}
