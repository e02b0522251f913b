import type { AccountSubject, NoticeOf, NumberSubject } from "./notice.ts";

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
  | NoticeOf<"numberSettings", NumberSubject, { changed: string[] }>;

export type AccountNotice =
  | NoticeOf<
      "account",
      AccountSubject,
      {
        /** `ACCOUNT_RESTRICTION`, `PARTNER_REMOVED`, …. */
        event: string | null;
        restrictions: { restriction: string | null; until: string | null; remedy: string | null }[];
        violation: string | null;
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
      AccountSubject,
      {
        alert: string | null;
        description: string | null;
        active: boolean;
        entity: string | null;
        entityId: string | null;
      }
    >
  | NoticeOf<"accountReview", AccountSubject, { decision: string | null }>
  | NoticeOf<
      "accountCapability",
      AccountSubject,
      {
        /** How many people a day may be written to first: `TIER_2K` or a count; -1 is no limit. */
        dailyLimit: string | null;
        dailyLimitPerNumber: number | null;
        numbersPerBusiness: number | null;
        numbersPerAccount: number | null;
      }
    >;
