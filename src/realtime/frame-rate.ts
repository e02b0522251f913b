import type { ClientFrame } from "./protocol.ts";

/** An honest client says something every few seconds. Filled up within five seconds, before any room hibernates. */
const BURST = 100;
const PER_SECOND = 20;
/** So far beyond its allowance a client is only ignored; then it is cut off. */
const PATIENCE = 100;
/** A `sync` costs a read of the database, and may send hundreds of events once more. */
const SYNC_COST = 10;

/** What a socket's client may still say, as of a moment; below zero it has said too much. */
export type Allowance = { left: number; atMs: number };

export type Verdict = "take" | "ignore" | "close";

export function fullAllowance(nowMs: number): Allowance {
  return { left: BURST, atMs: nowMs };
}

/** Whether a frame is taken, and what is left after it. */
export function spend(
  { left, atMs }: Allowance,
  cost: number,
  nowMs: number,
): { allowance: Allowance; verdict: Verdict } {
  const refilled = Math.min(BURST, left + (Math.max(0, nowMs - atMs) * PER_SECOND) / 1_000);
  const allowance = { left: refilled - cost, atMs: nowMs };
  if (allowance.left >= 0) return { allowance, verdict: "take" };
  return { allowance, verdict: allowance.left >= -PATIENCE ? "ignore" : "close" };
}

/**
 * An `ack` of what was not acknowledged yet is free: there are never more of them than frames that we have sent, and a
 * client may acknowledge each frame of a long replay.
 */
export function costOf(frame: ClientFrame, isNewAck: boolean): number {
  if (frame.type === "ack" && isNewAck) return 0;
  return frame.type === "sync" ? SYNC_COST : 1;
}
