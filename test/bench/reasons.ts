/**
 * Why a figure misses its target, by the figure's id: what was measured, not what is supposed. Shown beside the figure for as
 * long as it misses.
 */
export const reasons: Record<string, string> = {
  "webhook-postgres-cpu-1":
    "counted by callgrind: 1.3 million instructions a message, against 0.76 of the same rows stored step by step; the rest are look-ups that the peer has no need of",
  "webhook-postgres-cpu-64":
    "by batches of 100 an event costs 1.7 times its bare insertion, and that, with foreign keys and indexes, is most of what the peer pays",
  "chat-page-postgres-cpu":
    "a row has more columns than the peer's, Meta's object among them; with equal columns 1.5 was measured",
  "send-per-second": "workerd takes 4.5 and the endpoint 1.7 ms of CPU a send, measured on a busy machine",
};
