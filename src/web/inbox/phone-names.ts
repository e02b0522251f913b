import { useQuery } from "@tanstack/react-query";
import { useServices, useSignIn } from "../parts/services.tsx";

type PhonePage = { data: { id: number; name: string }[] };

/** The names of our numbers by id. Only admins may read them; for agents it is empty. */
export function usePhoneNames(): ReadonlyMap<number, string> {
  const { api } = useServices();
  const { session } = useSignIn();
  const { data } = useQuery({
    queryKey: ["phones"],
    queryFn: () => api.request<PhonePage>("/phones?limit=100"),
    enabled: session?.role !== "agent",
    staleTime: 300_000,
  });
  return new Map(data?.data.map(({ id, name }) => [id, name]));
}
