import { activityEn } from "./activity-en.ts";
import { alarmsEn } from "./alarms-en.ts";
import { composerEn } from "./composer-en.ts";
import { detailsEn } from "./details-en.ts";
import { emojiEn } from "./emoji-en.ts";
import { guardEn } from "./guard-en.ts";
import { inboxEn } from "./inbox-en.ts";
import { labelsEn } from "./labels-en.ts";
import { newChatEn } from "./new-chat-en.ts";
import { noteEn } from "./note-en.ts";
import { quickRepliesEn } from "./quick-replies-en.ts";
import { searchEn } from "./search-en.ts";
import { settingsEn } from "./settings-en.ts";
import { signInEn } from "./sign-in-en.ts";
import { voiceEn } from "./voice-en.ts";

/** The texts of the page. English defines the keys; a key that another language lacks does not compile. */
export const en = {
  app: {
    name: "WABA Edge",
    inbox: "Inbox",
    settings: "Settings",
    retry: "Try again",
    cancel: "Cancel",
    close: "Close",
    back: "Back",
    loading: "Loading…",
    notFound: "There is nothing at this address",
    toInbox: "Open the inbox",
    failed: "Something went wrong",
    failedHint: "There is a new version of this page, or the connection broke. Your drafts are kept.",
    reload: "Reload the page",
    offline: "The server cannot be reached. Check your connection.",
    unknownError: "The server answered with an error that this page does not know.",
    mainNavigation: "Main navigation",
    skipToContent: "Skip to content",
  },
  inbox: inboxEn,
  activity: activityEn,
  alarms: alarmsEn,
  composer: composerEn,
  details: detailsEn,
  quickReplies: quickRepliesEn,
  note: noteEn,
  voice: voiceEn,
  guard: guardEn,
  labels: labelsEn,
  newChat: newChatEn,
  emoji: emojiEn,
  search: searchEn,
  signIn: signInEn,
  settings: settingsEn,
};
