import { ingestBytes } from "../db/ingest-limits.ts";
import type { InboundEvent } from "../domain/inbound-event.ts";

/** Small calls let those of others in between. */
const MAX_EVENTS = 500;
/** By the upper bound of `ingestBytes`. A slice is in memory several times: as events, as the message of the RPC, and as events there. */
const MAX_BYTES = 4_000_000;

/** The events in order, in slices that one call to a shard carries. An event alone may be larger than a slice. */
export function* slicesOf(events: Iterable<InboundEvent>): Generator<InboundEvent[]> {
  let slice: InboundEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const added = ingestBytes(event);
    if (slice.length === MAX_EVENTS || (slice.length > 0 && bytes + added > MAX_BYTES)) {
      yield slice;
      slice = [];
      bytes = 0;
    }
    slice.push(event);
    bytes += added;
  }
  if (slice.length > 0) yield slice;
}
