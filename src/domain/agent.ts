/** Somebody who answers customers, as colleagues see them. `lastSeenAt` is exact to a day. */
export type Agent = { id: number; sub: string; name: string; role: "agent" | "admin"; lastSeenAt: string };
