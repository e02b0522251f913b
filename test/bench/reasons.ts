/**
 * Why a figure misses its target, by the figure's id: what was measured, not what is supposed. Shown beside the figure for as
 * long as it misses.
 */
export const reasons: Record<string, string> = {
  "webhooks-per-second-1":
    "a webhook passes the Worker, an object, the endpoint and Postgres in turn, the peer one process and one statement; Postgres is a fifth of the time",
  "webhook-postgres-cpu-1":
    "the peer stores in one prepared statement; ours looks up identities, keeps the time of a name and asks for references: 1.3 million instructions against 0.76, and Postgres' idle work is spread over fewer webhooks",
  "webhooks-per-second-16": "batches are small: what a batch costs whatever its size is not shared by many",
  "webhooks-per-second-64":
    "bound by workerd, whose one thread takes some 0.5 ms for a webhook; Postgres takes half as much as the peer's",
  "webhook-postgres-cpu-64":
    "of an event of a large batch three fifths are the insertion itself, with its foreign keys and indexes",
  "webhooks-per-second-256": "bound by workerd, as at 64",
  "webhook-to-socket-p50": "two objects more on the way than the peer has",
  "fan-out-careful":
    "workerd's WebSockets take twice as long to write a frame as `ws`: bare `ws` needs 30 ms too",
  "fan-out-socket-io": "as against the careful peer",
  "memory-after-load": "workerd begins with some 100 MB for its isolates",
  "chat-list-p50": "the Worker, the endpoint and Postgres in turn",
  "chat-page-p50": "the Worker, the endpoint and Postgres in turn",
  "chat-list-postgres-cpu":
    "a row has 27 columns more than the peer's, Meta's object among them; with equal columns the ratio is 1.5",
  "chat-page-postgres-cpu": "as for the list",
  "send-own-share":
    "three calls to Postgres through the endpoint, and two objects, where the peer has two statements",
  "send-per-second": "bound by workerd and the endpoint, 5 and 1.7 ms of CPU a send",
};
