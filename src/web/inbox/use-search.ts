import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import type { Chat } from "../../domain/chat.ts";
import type { FoundMessage } from "../../domain/found-message.ts";
import { newerRow } from "../models/chat-state.ts";
import { useServices } from "../parts/services.tsx";
import { useInbox } from "./inbox-context.tsx";

const PAGE_SIZE = 30;
/** A found chat in which something happens is searched anew, but not more often than this. */
const RENEW_EVERY_MS = 5_000;

type SearchPage = { chats: Chat[]; data: FoundMessage[]; nextCursor: string | null };

type Search = {
  /** Null until the first answer; then of the query before, while `isStale`. */
  found: { chats: Chat[]; messages: FoundMessage[] } | null;
  isStale: boolean;
  error: unknown;
  hasMore: boolean;
  isLoadingMore: boolean;
  /** Whether the page that was asked for last did not come. */
  isMoreFailed: boolean;
  loadMore(): void;
  retry(): void;
};

/**
 * What the server finds for a query: the chats, and the messages page by page. An answer belongs to its query, so one that comes
 * late never replaces a newer one. Nothing is asked for an empty query.
 */
export function useSearch(query: string): Search {
  const { api } = useServices();
  const { list } = useInbox();
  useSyncExternalStore(list.subscribe, () => list.view);
  const search = useInfiniteQuery({
    queryKey: ["search", query],
    queryFn: ({ pageParam, signal }) => {
      const values = { q: query, limit: String(PAGE_SIZE), ...(pageParam !== null && { cursor: pageParam }) };
      return api.request<SearchPage>(`/search?${new URLSearchParams(values)}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    enabled: query !== "",
    retry: false,
  });
  const { data, dataUpdatedAt, isPlaceholderData, isFetching, isFetchingNextPage, refetch } = search;
  const messages = data?.pages.flatMap((page) => page.data) ?? [];
  const live = (chat: Chat) =>
    newerRow(
      list.find(({ id }) => id === chat.id),
      chat,
    );
  const hasMoved = messages.some(({ chat }) => live(chat) !== chat);
  useEffect(() => {
    if (!hasMoved || isFetching) return;
    // A message that was deleted since must not stay.
    const timer = setTimeout(() => void refetch(), dataUpdatedAt + RENEW_EVERY_MS - Date.now());
    return () => clearTimeout(timer);
  }, [hasMoved, isFetching, dataUpdatedAt, refetch]);
  return {
    found: data ? { chats: (data.pages[0]?.chats ?? []).map(live), messages } : null,
    isStale: isPlaceholderData,
    error: data ? null : search.error,
    hasMore: search.hasNextPage,
    isLoadingMore: isFetchingNextPage,
    isMoreFailed: search.isFetchNextPageError,
    loadMore: () => void search.fetchNextPage(),
    retry: () => void refetch(),
  };
}
