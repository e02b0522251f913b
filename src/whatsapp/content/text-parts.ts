/** `📍 Cafe Anna`; null without a text. */
export function withIcon(icon: string, text: string | null): string | null {
  return text ? `${icon} ${text}` : null;
}

/** `1 item`, `2 items`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
