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

/** As Meta displays it; null where the webhook names the number by its id alone: then it is stored as its row has it. */
export type NumberSubject = { type: "phoneNumber"; phoneNumber: string | null };

/** An account's notice may name one of its numbers: then it is about that number alone. */
export type AnySubject = AccountSubject | NumberSubject;

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
      /** Who asks to join, or no longer does. */
      requester: string | null;
      added: string[];
      removed: string[];
      failed: string[];
      errors: MetaError[];
      at: string | null;
    }[];
  }
>;

/** `isActive`: false once it is over. Rates and thresholds in percent, or in milliseconds of an endpoint's latency. */
export type FlowAlert = {
  isActive: boolean;
  threshold: number | null;
  errorRate: number | null;
  availability: number | null;
  p50LatencyMs: number | null;
  p90LatencyMs: number | null;
  requests: number | null;
  errors: { error: string | null; rate: number | null; count: number | null }[];
};

type OtherNotice =
  | NoticeOf<
      "flow",
      { type: "flow"; flowId: string | null },
      {
        event: string | null;
        /** Meta's sentence, or its warning. */
        message: string | null;
        previous: string | null;
        status: string | null;
        alert: FlowAlert | null;
      }
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
      {
        change: string | null;
        previousAppId: string | null;
        phone: string | null;
        userId: string | null;
        summary: string | null;
        /** What the other app passed along. */
        metadata: string | null;
      }
    >
  | NoticeOf<"standby", NumberSubject, { messages: number; echoes: number; statuses: number }>
  | NoticeOf<
      "automaticEvents",
      AnySubject,
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
  | NoticeOf<"other", AnySubject, { field: string; event: string | null }>;
