import type { z } from "zod";
import type { problem } from "./schemas.ts";

// Types of requests and answers for the page, which gets none of the schemas.

export type Problem = z.infer<typeof problem>;
