import { env as ownEnv } from "cloudflare:workers";
import { alongEachCall } from "./db/client.ts";
import { answer } from "./http/app.ts";
import { reportCall } from "./intake/schedule-polls.ts";
import { runSchedule } from "./schedule.ts";

export { Intake } from "./intake/intake.ts";
export { FileFetch } from "./media/file-fetch.ts";
export { MediaFetcher } from "./media/media-fetcher.ts";
export { ChatRoom } from "./realtime/chat-room.ts";
export { InboxHub } from "./realtime/inbox-hub.ts";
export { Attempt } from "./sending/attempt.ts";
export { Sender } from "./sending/sender.ts";

alongEachCall(() => reportCall(ownEnv));

export default {
  fetch: answer,
  async scheduled({ scheduledTime }, env) {
    await runSchedule(env, new Date(scheduledTime));
  },
} satisfies ExportedHandler<Env>;
