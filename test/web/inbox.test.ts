import { describe } from "vitest";
import { hasNoBrowser } from "./browser.ts";
import { accessTests } from "./inbox/access.ts";
import { connectionTests } from "./inbox/connection.ts";
import { contentTests } from "./inbox/content.ts";
import { failureTests } from "./inbox/failures.ts";
import { listTests } from "./inbox/list.ts";
import { notificationTests } from "./inbox/notifications.ts";
import { searchTests } from "./inbox/search.ts";
import { sendingTests } from "./inbox/sending.ts";
import { templateTests } from "./inbox/templates.ts";
import { threadTests } from "./inbox/thread.ts";
import { togetherTests } from "./inbox/together.ts";
import { inboxWorld } from "./inbox/world.ts";

// One local mode and one browser for all of them: they take longer to start than most tests take to run.
describe.skipIf(hasNoBrowser)("the inbox", { timeout: 60_000 }, () => {
  const world = inboxWorld();
  listTests(world);
  searchTests(world);
  threadTests(world);
  contentTests(world);
  sendingTests(world);
  failureTests(world);
  templateTests(world);
  togetherTests(world);
  notificationTests(world);
  connectionTests(world);
  accessTests(world);
});
