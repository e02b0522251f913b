/**
 * Why a figure misses its target, by the figure's id: only measured causes. The page shows a reason while the figure misses its
 * target.
 */
export const reasons: Record<string, string> = {
  "webhooks-per-second-1":
    "three processes work one after the other: 2.5 ms of CPU in workerd, 1.3 in the endpoint and 1.8 in Postgres were measured, together the 5.6 ms of a webhook. The peer's two take 0.4 and 0.46. An answer to /healthz costs workerd 0.3 ms, and a webhook that is verified and handed to Intake but not stored takes a quarter of its CPU. The profile of the rest is flat: a fetch, its driver, timers and promises. Two fifths of the endpoint's time are the writes that wake the next process. Tried and kept: plans that stay, one commit in flight in one shard, a body that is read once, and a function of its own for one message",
  "webhooks-per-second-16": "as with one connection, with batches of a few events: see the CPU of workerd",
  "webhooks-per-second-64":
    "workerd's one thread is the limit: 0.75 to 0.95 ms of CPU a webhook were measured, of which an answer to /healthz is 0.2. By its profile 12 % are parsing, 11 % the call to the object and 7 % the signature and the body",
  "webhooks-per-second-256": "as with 64 connections",
  "memory-after-load":
    "in local mode workerd takes about 130 MB before the first webhook, and V8 collects late while no limit forces it to: under a limit of 64 MB for its heap the Worker takes the same traffic",
  "batch.of-100-chats.analysed":
    "the rounds lie on both sides of the target. In a batch of 64 the updates of the chats and the messages take a quarter of the time each, search a sixth",
  "webhook-to-socket-p50":
    "the path of one webhook, as with one connection, and one more call to the chat's object",
  "fan-out-careful":
    "bare ws needs 33 ms for the same sockets without storing anything. For a frame to a socket workerd takes 69 to 76 µs of CPU, and node 38: workerd queues the frames of all sockets before it writes the first, which arrives 23 ms after the peer's. The rest is the path of one webhook and the call to the chat's object",
  "fan-out-socket-io": "as with the careful peer",
  "webhook-postgres-cpu-1":
    "of 1.5 ms, measured alone, 0.1 are an empty statement; in a loop, with its plans and pages in the caches of the CPU, the message takes 85 µs, its chat 110 (8 index entries), search 75 (its words, a GIN entry and two index entries), its event 27. One message at a time finds those caches cold, which more than doubles each",
  "webhook-postgres-cpu-64":
    "in batches of 100 an event costs twice a plain INSERT of its rows, and that INSERT, with its indexes, is most of the peer's cost: in a batch of 64 the updates of the chats and the messages take a quarter of the time each, search a sixth",
  "chat-list-p50":
    "workerd, the endpoint and Postgres work one after the other; the details show the CPU of each",
  "chat-list-per-second": "the CPU of workerd and of Postgres, as the details show: both cores are busy",
  "chat-list-postgres-cpu":
    "measured alone, 0.65 of the cost is there with one row as well. A sixth is parsing, planning and describing a statement with 57 columns, which a prepared statement saves: Neon has none over HTTP. Tried: to join the page's chats by their place in the table, with 30 look-ups in an index less, cost the same",
  "chat-page-p50":
    "workerd, the endpoint and Postgres work one after the other; the details show the CPU of each",
  "chat-page-per-second": "the CPU of workerd and of Postgres, as the details show: both cores are busy",
  "chat-page-postgres-cpu":
    "a row has three times the columns of the peer's, with its file, its agent and its size for pages that are bounded in bytes: the sizes take 0.1 ms of 0.75, measured alone, and the columns 0.35. Tried: choosing the page by its sizes first and joining the columns afterwards, and returning columns instead of a row, cost the same",
  "send-own-share":
    "a send is two transactions, so that none of them is open while Graph answers, and each commit waits for the disk: measured alone in turns, creating and claiming a message in one takes 0.6 of what it takes in two. Three processes work one after the other, in eight steps: the details show the CPU of each. In a loop with warm caches the rows of the message take 85 µs, the chat 70 to 110, search 75, each event 27",
  "send-per-second":
    "the same CPU of workerd, the endpoint and Postgres, which the details show: both cores are busy",
};
