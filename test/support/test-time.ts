import { vi } from "vitest";

let startedAt = new Date();

/** A test begins. */
export function beginTest(): void {
  startedAt = new Date();
}

/**
 * When the test began, for what it makes without a time of its own: Meta's times are whole seconds, and two things that a test makes
 * would else be of one second or of two. With a clock that the test has moved it is that clock's time.
 */
export function timeOfTest(): Date {
  return vi.isFakeTimers() ? new Date() : startedAt;
}
