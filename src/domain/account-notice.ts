import type { AnySubject, NoticeOf, NumberSubject } from "./notice.ts";

export type NumberNotice =
  | NoticeOf<
      "numberQuality",
      NumberSubject,
      { event: string | null; previousLimit: string | null; limit: string | null }
    >
  | NoticeOf<
      "numberName",
      NumberSubject,
      { decision: string | null; name: string | null; reason: string | null }
    >
  | NoticeOf<"numberUsername", NumberSubject, { username: string | null; status: string | null }>
  | NoticeOf<"numberSecurity", NumberSubject, { event: string | null; requester: string | null }>
  | NoticeOf<
      "numberSettings",
      NumberSubject,
      {
        changed: string[];
        /** Each as `calling status: ENABLED`. */
        settings: string[];
        restrictions: Restriction[];
      }
    >;

export type Restriction = {
  restriction: string | null;
  until: string | null;
  /** What Meta advises. */
  remedy: string | null;
};

/**
 * What a report says about sending: that Meta restricts it (`what`: as Meta names it; until when, if that is known), or no longer does.
 * `canReply`: what answers a customer within 24 hours still goes out. `types`: the restrictions that the report is about, by the part of
 * their names that a report of their end has too; empty: all.
 */
export type SendingReport = {
  cause: "restriction" | "ban";
  isRestricted: boolean;
  canReply: boolean;
  what: string | null;
  until: string | null;
  types: string[];
};

export type AccountNotice =
  | NoticeOf<
      "account",
      AnySubject,
      {
        /** `ACCOUNT_RESTRICTION`, `PARTNER_REMOVED`, …. */
        event: string | null;
        restrictions: Restriction[];
        /** Null: nothing. Of an admin's alarm it is what agents see. */
        sending: SendingReport | null;
        violation: string | null;
        /** What Meta advises about a violation. */
        remedy: string | null;
        ban: { state: string | null; date: string | null } | null;
        disconnection: { reason: string | null; initiatedBy: string | null } | null;
        country: string | null;
        businessId: string | null;
        partnerAppId: string | null;
        solutionId: string | null;
        adAccountId: string | null;
        certification: { status: string | null; reasons: string[] } | null;
        priceTier: {
          category: string | null;
          tier: string | null;
          region: string | null;
          month: string | null;
        } | null;
        authInternationalFrom: string | null;
      }
    >
  | NoticeOf<
      "accountAlert",
      AnySubject,
      {
        alert: string | null;
        description: string | null;
        active: boolean;
        entity: string | null;
        entityId: string | null;
      }
    >
  | NoticeOf<"accountReview", AnySubject, { decision: string | null }>
  | NoticeOf<
      "accountCapability",
      AnySubject,
      {
        /** How many people a day may be written to first: `TIER_2K` or a count; -1 is no limit. */
        dailyLimit: string | null;
        dailyLimitPerNumber: number | null;
        numbersPerBusiness: number | null;
        numbersPerAccount: number | null;
      }
    >;
