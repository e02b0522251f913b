import { accessTests } from "./inbox/access.ts";
import { connectionStatusTests } from "./inbox/connection-status.ts";
import { focusTests } from "./inbox/focus.ts";
import { keyboardTests } from "./inbox/keyboard.ts";
import { labelTests } from "./inbox/labels.ts";
import { looksTests } from "./inbox/looks.ts";
import { mirroredTests } from "./inbox/mirrored.ts";
import { nameTests } from "./inbox/names.ts";
import { noteTests } from "./inbox/notes.ts";
import { notificationTests } from "./inbox/notifications.ts";
import { presenceTests } from "./inbox/presence.ts";
import { togetherTests } from "./inbox/together.ts";
import { treeTests } from "./inbox/tree.ts";
import { describeInbox } from "./inbox/world.ts";

describeInbox(
  togetherTests,
  presenceTests,
  connectionStatusTests,
  labelTests,
  noteTests,
  nameTests,
  notificationTests,
  accessTests,
  keyboardTests,
  focusTests,
  looksTests,
  treeTests,
  mirroredTests,
);
