import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Viewer } from "../../realtime/protocol.ts";
import { useServices } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";

export type Agent = { id: number; sub: string; name: string };

/** Every so often, for a colleague who signs in for the first time. */
const FRESH_MS = 60_000;

/** The organization's agents. */
export function useAgents(): readonly Agent[] {
  const { api } = useServices();
  const { data } = useQuery({
    queryKey: ["agents"],
    queryFn: () => api.request<{ data: Agent[] }>("/agents?limit=100"),
    staleTime: FRESH_MS,
  });
  return data?.data ?? [];
}

/** One of our numbers. `problem`: why it cannot send, or with `canReply` only answer within 24 hours. */
export type OwnPhone = {
  id: number;
  name: string;
  isConnected: boolean;
  problem: {
    noticeId: number;
    title: string;
    why: string | null;
    fix: string | null;
    canReply: boolean;
  } | null;
};
type Me = { agent: Agent; organization: { replyTakesChat: boolean }; phones: OwnPhone[] };

/** What else changes is heard of at once. */
const PHONES_EVERY_MS = 20_000;
/** Somebody may be mending it. */
const BROKEN_PHONES_EVERY_MS = 5_000;

/** The key of what `useMe` reads among the queries, followed by the language. */
export const ME = ["me"];

/** Who is signed in, as the server knows them; undefined until it has answered. */
export function useMe(): Me | undefined {
  const { api } = useServices();
  const { language } = useLanguage();
  const { data } = useQuery({
    queryKey: [...ME, language],
    queryFn: () => api.request<Me>("/me", { headers: { "accept-language": language } }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) =>
      state.data?.phones.some(({ problem }) => problem) ? BROKEN_PHONES_EVERY_MS : PHONES_EVERY_MS,
    placeholderData: keepPreviousData,
  });
  return data;
}

/** The names of the others among agents; of nobody until it is known who is signed in. */
export function useOthers(): (agents: readonly Viewer[]) => string[] {
  const me = useMe()?.agent.id;
  return (agents) =>
    me === undefined ? [] : agents.filter(({ agentId }) => agentId !== me).map(({ name }) => name);
}

/** Whether a query's answer has alarms in it. */
export function hasAlarms(queryKey: readonly unknown[]): boolean {
  return queryKey[0] === "me" || queryKey[0] === "alarms";
}

/** An agent's name by their id, as far as it is known. */
export function useAgentName(): (id: number | null) => string | null {
  const agents = useAgents();
  return (id) => agents.find((agent) => agent.id === id)?.name ?? null;
}
