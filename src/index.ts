import { lookAfterSends } from "./actions/look-after-sends.ts";
import { app } from "./http/app.ts";

export { Intake } from "./intake/intake.ts";
export { ChatRoom } from "./realtime/chat-room.ts";
export { InboxHub } from "./realtime/inbox-hub.ts";
export { Attempt } from "./sending/attempt.ts";
export { Sender } from "./sending/sender.ts";

export default {
  fetch: app.fetch,
  async scheduled(_event, env) {
    await lookAfterSends(env);
  },
} satisfies ExportedHandler<Env>;
