import { alarmTests } from "./inbox/alarms.ts";
import { failureTests } from "./inbox/failures.ts";
import { sendingTests } from "./inbox/sending.ts";
import { slowWritingTests } from "./inbox/slow-writing.ts";
import { templateTests } from "./inbox/templates.ts";
import { voiceTests } from "./inbox/voice.ts";
import { describeInbox } from "./inbox/world.ts";

describeInbox(sendingTests, voiceTests, failureTests, templateTests, slowWritingTests, alarmTests);
