import { adminCalls } from "./admin-calls.ts";
import type { Call } from "./call.ts";
import { findCallTargets } from "./call-targets.ts";
import { messageCalls } from "./message-calls.ts";
import { peopleCalls } from "./people-calls.ts";
import { findRareTargets } from "./rare-targets.ts";
import { readingCalls } from "./reading-calls.ts";
import { scheduleCalls } from "./schedule-calls.ts";
import type { Seeded } from "./seed-shape.ts";
import { teamCalls } from "./team-calls.ts";
import { writingCalls } from "./writing-calls.ts";

/** Every call of the application, with the arguments that are hardest for it. */
export async function applicationCalls(seeded: Seeded, url: string): Promise<Call[]> {
  const targets = await findCallTargets(url, seeded);
  const rare = await findRareTargets(url, seeded);
  return [
    ...readingCalls(seeded, targets),
    ...teamCalls(seeded, rare),
    ...messageCalls(seeded, rare),
    ...peopleCalls(seeded, rare),
    ...adminCalls(seeded, rare),
    ...scheduleCalls(seeded),
    // Last, for they open an inbox and a chat.
    ...writingCalls(seeded, targets),
  ];
}
