import { connectionTests } from "./inbox/connection.ts";
import { contentTests } from "./inbox/content.ts";
import { listTests } from "./inbox/list.ts";
import { mediaTests } from "./inbox/media.ts";
import { messageFactTests } from "./inbox/message-facts.ts";
import { renderTests } from "./inbox/renders.ts";
import { searchTests } from "./inbox/search.ts";
import { slowReadingTests } from "./inbox/slow-reading.ts";
import { threadTests } from "./inbox/thread.ts";
import { describeInbox } from "./inbox/world.ts";

describeInbox(
  listTests,
  searchTests,
  threadTests,
  contentTests,
  mediaTests,
  messageFactTests,
  connectionTests,
  slowReadingTests,
  renderTests,
);
