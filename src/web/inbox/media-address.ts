import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useServices } from "../parts/services.tsx";

/** A signed address works for ten minutes. */
const ADDRESS_FRESH_MS = 8 * 60_000;

/** A file that does not load with a new address either is not asked for again at once. */
const RENEW_EVERY_MS = 30_000;

/** The signed address of a file, undefined until it is there. `renew` asks for another: an address that has run out does not load. */
export function useMediaAddress(mediaId: number): { url: string | undefined; renew(): void } {
  const { api } = useServices();
  const { data, refetch } = useQuery({
    queryKey: ["media", mediaId],
    queryFn: () => api.request<{ url: string }>(`/media/${mediaId}/address`, { method: "POST" }),
    staleTime: ADDRESS_FRESH_MS,
    refetchOnWindowFocus: false,
  });
  const renewedAtMs = useRef(Number.NEGATIVE_INFINITY);
  const renew = () => {
    if (Date.now() - renewedAtMs.current < RENEW_EVERY_MS) return;
    renewedAtMs.current = Date.now();
    void refetch();
  };
  return { url: data?.url, renew };
}
