import { type MockInstance, vi } from "vitest";

/** What the Worker and its objects write from now on, line by line: they run in one isolate with the test. */
export function captureLogs(): { lines: string[]; stop: () => void } {
  const lines: string[] = [];
  const spies: MockInstance[] = (["log", "info", "warn", "error", "debug"] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => {
      lines.push(
        parts.map((part) => (part instanceof Error ? `${part.stack} ${part.cause}` : String(part))).join(" "),
      );
    }),
  );
  return { lines, stop: () => spies.forEach((spy) => void spy.mockRestore()) };
}

/** The text, and beside it whatever of it can be read as base64: a wamid holds a phone number. */
export function withDecoded(text: string): string {
  const decoded = [...text.matchAll(/[A-Za-z0-9+/_-]{12,}={0,2}/g)].flatMap(([found]) =>
    [0, 1, 2, 3].map((from) => decode(found.slice(from))),
  );
  return [text, ...decoded].join("\n");
}

function decode(base64: string): string {
  const whole = base64.replaceAll("-", "+").replaceAll("_", "/").replaceAll("=", "");
  const length = whole.length % 4 === 1 ? whole.length - 1 : whole.length;
  return atob(whole.slice(0, length));
}
