import { useQuery } from "@tanstack/react-query";
import { useServices } from "../parts/services.tsx";

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

type Me = { agent: Agent; organization: { replyTakesChat: boolean }; phones: { id: number; name: string }[] };

/** Who is signed in, as the server knows them; undefined until it has answered. */
export function useMe(): Me | undefined {
  const { api } = useServices();
  const { data } = useQuery({
    queryKey: ["me"],
    queryFn: () => api.request<Me>("/me"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data;
}

/** An agent's name by their id, as far as it is known. */
export function useAgentName(): (id: number | null) => string | null {
  const agents = useAgents();
  return (id) => agents.find((agent) => agent.id === id)?.name ?? null;
}
