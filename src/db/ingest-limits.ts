import type { InboundEvent } from "../domain/inbound-event.ts";

/** The most events of one call of `ingest`: a longer transaction would hold its locks for too long. */
export const INGEST_LIMIT_EVENTS = 200;
/**
 * The most bytes of one call. By default Neon's proxy refuses a request of more than 10 MiB, but a call also stands several times in
 * an isolate's memory: with 8 MB, ten customers who write long texts at once took half of it.
 */
export const INGEST_LIMIT_BYTES = 2_000_000;

/** Text is escaped twice, as a string in a row and as a parameter of the request, and a character has up to three bytes. */
const BYTES_PER_CHARACTER = 4;
/** For ids, times and the names of fields. */
const OTHER_BYTES = 2_000;

/** An upper bound of the bytes that an event adds to a call of `ingest`. Cheap: it is computed for every event. */
export function ingestBytes(event: InboundEvent): number {
  return OTHER_BYTES + BYTES_PER_CHARACTER * charactersOf(event);
}

/** What a status or a notice carries beside its text was read from that text. */
function charactersOf(event: InboundEvent): number {
  if (event.kind === "notice") return (event.raw?.length ?? 0) + 2 * (event.source?.length ?? 0);
  const { payload, envelope } = event;
  const given = payload.length + envelope.before.length + envelope.after.length;
  if (event.kind === "status") return given + payload.length;
  return given + event.body.length + (event.content?.length ?? 0) + (event.newBody?.length ?? 0);
}
