import { useQuery } from "@tanstack/react-query";
import { useServices } from "../parts/services.tsx";

/** A signed address works for ten minutes. */
const ADDRESS_FRESH_MS = 8 * 60_000;

/** The signed address of a file, undefined until it is there. `renew` asks for another: an address that has run out does not load. */
export function useMediaAddress(mediaId: number): { url: string | undefined; renew(): void } {
  const { api } = useServices();
  const { data, refetch } = useQuery({
    queryKey: ["media", mediaId],
    queryFn: () => api.request<{ url: string }>(`/media/${mediaId}/address`, { method: "POST" }),
    staleTime: ADDRESS_FRESH_MS,
    refetchOnWindowFocus: false,
  });
  return { url: data?.url, renew: () => void refetch() };
}
