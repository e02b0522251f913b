import type { AccountNotice, NumberNotice } from "./account-notice.ts";
import type { MetaError } from "./common-fields.ts";

/** `critical`: sending or receiving has stopped, or will. `warning`: an admin should check it. */
export type Severity = "info" | "warning" | "critical";

/** What Meta reports about an account rather than in a chat, for an organization's admins. */
export type Notice = TemplateNotice | NumberNotice | AccountNotice | GroupNotice | OtherNotice;

/** `title` is one English sentence. `at` is Meta's time; null where Meta gives none. `detail` is plain data. */
export type NoticeOf<Kind extends string, Subject, Detail> = {
  kind: Kind;
  severity: Severity;
  title: string;
  at: string | null;
  subject: Subject;
  detail: Detail;
};

export type TemplateSubject = {
  type: "template";
  templateId: string | null;
  name: string | null;
  language: string | null;
};

/** Null for the account that the webhook came for. */
export type AccountSubject = { type: "account"; wabaId: string | null };

/** As Meta displays it; null where the webhook names the number by its id alone. */
export type NumberSubject = { type: "phoneNumber"; phoneNumber: string | null };

type TemplateNotice =
  | NoticeOf<
      "templateStatus",
      TemplateSubject,
      {
        /** `APPROVED`, `REJECTED`, `PAUSED`, `DISABLED`, …. */
        status: string | null;
        category: string | null;
        reason: string | null;
        /** How to fix it, if Meta says so. */
        recommendation: string | null;
        disabledAt: string | null;
      }
    >
  | NoticeOf<"templateQuality", TemplateSubject, { previous: string | null; quality: string | null }>
  | NoticeOf<
      "templateComponents",
      TemplateSubject,
      { header: string | null; body: string | null; footer: string | null; buttons: string[] }
    >
  | NoticeOf<
      "templateCategory",
      TemplateSubject,
      {
        previous: string | null;
        category: string | null;
        /** What it will be; null once it has changed. */
        next: string | null;
        changesAt: string | null;
      }
    >
  | NoticeOf<"templateCategoryMisuse", TemplateSubject, { category: string | null; correct: string | null }>;

/** With several changes, the subject is the group of the first. */
type GroupNotice = NoticeOf<
  "group",
  { type: "group"; groupId: string | null },
  {
    changes: {
      groupId: string | null;
      /** `group_create`, `group_participants_add`, `group_suspend`, …. */
      change: string | null;
      name: string | null;
      inviteLink: string | null;
      requestId: string | null;
      added: string[];
      removed: string[];
      failed: string[];
      errors: MetaError[];
      at: string | null;
    }[];
  }
>;

type OtherNotice =
  | NoticeOf<
      "flow",
      { type: "flow"; flowId: string | null },
      { event: string | null; message: string | null; previous: string | null; status: string | null }
    >
  | NoticeOf<
      "paymentConfiguration",
      { type: "paymentConfiguration"; name: string | null },
      { provider: string | null; providerAccount: string | null; status: string | null }
    >
  | NoticeOf<
      "partnerSolution",
      { type: "solution"; solutionId: string | null },
      { event: string | null; status: string | null }
    >
  | NoticeOf<
      "handover",
      NumberSubject,
      { change: string | null; previousAppId: string | null; phone: string | null; summary: string | null }
    >
  | NoticeOf<"standby", NumberSubject, { messages: number; echoes: number; statuses: number }>
  | NoticeOf<
      "automaticEvents",
      AccountSubject,
      { events: { wamid: string | null; name: string | null; clickId: string | null; at: string | null }[] }
    >
  | NoticeOf<
      "linkClicks",
      NumberSubject,
      {
        clicks: {
          component: string | null;
          productId: string | null;
          clickId: string | null;
          at: string | null;
        }[];
      }
    >
  | NoticeOf<"errors", NumberSubject, { field: string; errors: MetaError[] }>
  | NoticeOf<"historyDeclined", NumberSubject, { errors: MetaError[] }>
  /** A field that we do not know: its webhooks are stored raw. */
  | NoticeOf<"other", AccountSubject, { field: string; event: string | null }>;
