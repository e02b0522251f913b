import { lookAfterSends } from "./actions/look-after-sends.ts";
import { noticeStuck } from "./actions/notice-stuck.ts";
import { app } from "./http/app.ts";

export { Intake } from "./intake/intake.ts";
export { ChatRoom } from "./realtime/chat-room.ts";
export { InboxHub } from "./realtime/inbox-hub.ts";
export { Attempt } from "./sending/attempt.ts";
export { Sender } from "./sending/sender.ts";

export default {
  fetch: app.fetch,
  async scheduled(_event, env) {
    await Promise.all([lookAfterSends(env), noticeStuck(env, new Date())]);
  },
} satisfies ExportedHandler<Env>;
