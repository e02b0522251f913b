import { alarmTests } from "./inbox/alarms.ts";
import { emojiTests } from "./inbox/emoji.ts";
import { failureTests } from "./inbox/failures.ts";
import { latePartTests } from "./inbox/late-parts.ts";
import { sendingTests } from "./inbox/sending.ts";
import { slowWritingTests } from "./inbox/slow-writing.ts";
import { templateTests } from "./inbox/templates.ts";
import { voiceTests } from "./inbox/voice.ts";
import { windowTests } from "./inbox/window.ts";
import { describeInbox } from "./inbox/world.ts";
import { writingFocusTests } from "./inbox/writing-focus.ts";

// Alarms first: a template that is paused is an alarm too, once a minute has passed.
describeInbox(
  sendingTests,
  emojiTests,
  latePartTests,
  windowTests,
  voiceTests,
  failureTests,
  alarmTests,
  templateTests,
  slowWritingTests,
  writingFocusTests,
);
