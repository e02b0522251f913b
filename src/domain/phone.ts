import type { CheckStatus, Finding } from "./check.ts";

/** Why a number is disconnected: an admin did it, or Meta reported that the account left the app. */
export const disconnectReasons = ["admin", "partner_removed"] as const;
export type DisconnectReason = (typeof disconnectReasons)[number];

/** Where the access token stands: in the row, sealed or raw, or in a secret of the Worker. */
export const tokenSources = ["sealed", "raw", "worker"] as const;
export type TokenSource = (typeof tokenSources)[number];

/** A business number as lists show it. */
export type Phone = {
  id: number;
  name: string;
  phoneNumber: string;
  connection: "connected" | "disconnected";
  disconnectedAt: string | null;
  disconnectReason: DisconnectReason | null;
  wabaPhoneNumberId: string | null;
  wabaId: string | null;
  wabaApiVersion: string | null;
  verifiedName: string | null;
  nameStatus: string | null;
  qualityRating: string | null;
  messagingLimit: string | null;
  accessToken: TokenSource;
  /** The worst of the last checks; null when none ever ran. */
  checkStatus: CheckStatus | null;
  checkedAt: string | null;
  createdAt: string;
  updatedAt: string;
};

/** What a check found, and when. `since`: since when it has found the same. */
export type StoredFinding = Finding & { checkedAt: string; since: string };

/** How much waits for a number, and when it was last in use. */
export type PhoneActivity = {
  lastInboundAt: string | null;
  lastOutboundAt: string | null;
  /** Messages whose delivery is undecided. */
  queued: number;
  unknown: number;
  unconfirmed: number;
  /** Stored webhook events that could not be applied. */
  unreadEvents: number;
  /** Those of them that came before the number was added. */
  earlierEvents: number;
};
