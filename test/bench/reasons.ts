/**
 * Why a figure misses its target, by the figure's id: only measured causes. The page shows a reason while the figure misses its
 * target.
 */
export const reasons: Record<string, string> = {
  "webhooks-per-second-1":
    "three processes work one after the other: 2.4 ms of CPU in workerd, 1.0 in the endpoint and 1.6 in Postgres were measured, together the whole 5.4 ms of a webhook. The peer's two take 0.42 and 0.44. An answer to /healthz costs workerd 0.3 ms, and the profile of the rest is flat: a call to the object, a fetch, timers and promises. Two fifths of the endpoint's time are the writes that wake the next process",
  "webhooks-per-second-16": "as with one connection, with batches of a few events: see the CPU of workerd",
  "webhooks-per-second-64":
    "workerd's one thread is the limit: 0.7 ms of CPU a webhook were measured, of which an answer to /healthz is 0.2. By its profile 12 % are parsing, 11 % the call to the object, 9 % routing and 7 % the signature and the body",
  "webhooks-per-second-256": "as with 64 connections",
  "webhook-to-socket-p50":
    "the path of one webhook, as with one connection, and one more call to the chat's object",
  "webhook-postgres-cpu-1":
    "callgrind counts 1.3 million instructions a message, and 0.76 million for storing the same rows step by step; the rest is look-ups that the peer does not need",
  "webhook-postgres-cpu-64":
    "in batches of 100 an event costs 1.7 times a plain INSERT of its rows, and that INSERT, with its foreign keys and indexes, is most of the peer's cost",
  "chat-page-postgres-cpu":
    "a row has more columns than the peer's, Meta's object among them; with equal columns the figure was 1.5",
  "send-per-second":
    "workerd takes 4.5 ms and the Neon-compatible endpoint 1.7 ms of CPU per send, measured on a busy machine",
};
