/**
 * Why a figure misses its target, by the figure's id: only measured causes. The page shows a reason while the figure misses its
 * target.
 */
export const reasons: Record<string, string> = {
  "webhook-postgres-cpu-1":
    "callgrind counts 1.3 million instructions a message, and 0.76 million for storing the same rows step by step; the rest is look-ups that the peer does not need",
  "webhook-postgres-cpu-64":
    "in batches of 100 an event costs 1.7 times a plain INSERT of its rows, and that INSERT, with its foreign keys and indexes, is most of the peer's cost",
  "chat-page-postgres-cpu":
    "a row has more columns than the peer's, Meta's object among them; with equal columns the figure was 1.5",
  "send-per-second":
    "workerd takes 4.5 ms and the Neon-compatible endpoint 1.7 ms of CPU per send, measured on a busy machine",
};
