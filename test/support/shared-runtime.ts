import { reset } from "cloudflare:test";
import { neonConfig } from "@neondatabase/serverless";
import { vi } from "vitest";

/**
 * Ends what the files before have left in a runtime that they share: objects with their storage, alarms and sockets, a clock that was
 * moved, spies, and a gate before the database. Stubs of before are broken then. What modules of the source remember stays.
 */
export async function endWhatIsLeft(): Promise<void> {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  neonConfig.fetchFunction = undefined;
  await reset();
}
