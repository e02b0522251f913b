import { useMemo } from "react";
import { useSearchParams } from "wouter";
import { type ChatFilter, chatViews, MENTIONED } from "../models/chat-list.ts";

const VIEWS = [...chatViews, MENTIONED] as const;
const STATUSES = ["open", "snoozed", "closed", "all"] as const;

/** The filters are in the address, so that they survive a reload and can be bookmarked. */
export function useFilter(): ChatFilter {
  const [query] = useSearchParams();
  const status = STATUSES.find((known) => known === query.get("status")) ?? "open";
  const view = VIEWS.find((known) => known === query.get("view")) ?? "all";
  const organizationPhoneId = idIn(query, "number");
  const labelId = idIn(query, "label");
  const isUnreadOnly = query.has("unread");
  return useMemo(
    () => ({ view, status, organizationPhoneId, isUnreadOnly, labelId }),
    [view, status, organizationPhoneId, isUnreadOnly, labelId],
  );
}

function idIn(query: URLSearchParams, name: string): number | null {
  const text = query.get(name) ?? "";
  return /^\d{1,10}$/.test(text) ? Number(text) : null;
}
