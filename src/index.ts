import { lookAfterFiles } from "./actions/look-after-files.ts";
import { lookAfterSends } from "./actions/look-after-sends.ts";
import { noticeStuck } from "./actions/notice-stuck.ts";
import { noticeVersions } from "./actions/notice-versions.ts";
import { app } from "./http/app.ts";

export { Intake } from "./intake/intake.ts";
export { FileFetch } from "./media/file-fetch.ts";
export { MediaFetcher } from "./media/media-fetcher.ts";
export { ChatRoom } from "./realtime/chat-room.ts";
export { InboxHub } from "./realtime/inbox-hub.ts";
export { Attempt } from "./sending/attempt.ts";
export { Sender } from "./sending/sender.ts";

export default {
  fetch: app.fetch,
  async scheduled(_event, env) {
    const now = new Date();
    await Promise.all([
      lookAfterSends(env),
      lookAfterFiles(env),
      noticeStuck(env, now),
      noticeVersions(env, now),
    ]);
  },
} satisfies ExportedHandler<Env>;
