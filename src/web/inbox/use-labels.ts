import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Label } from "../../domain/label.ts";
import type { Api } from "../models/api.ts";
import { useServices } from "../parts/services.tsx";

/** The key of the labels among the queries. */
export const LABELS = ["labels"];

type LabelPage = { data: Label[]; nextCursor: string | null };

/** The organization's labels, by name. */
export function useLabels(): readonly Label[] {
  const { api } = useServices();
  const { data } = useQuery({ queryKey: LABELS, queryFn: () => allLabels(api), staleTime: 60_000 });
  return data ?? [];
}

/** A chat's labels. Deleted ones, whose ids a chat may keep, are left out. */
export function useLabelsOf(ids: readonly number[]): readonly Label[] {
  const labels = useLabels();
  const queries = useQueryClient();
  const unknown = ids.filter((id) => !labels.some((label) => label.id === id)).join(" ");
  useEffect(() => {
    // A colleague has just created it; what is still unknown then is not asked for again.
    const age = Date.now() - (queries.getQueryState(LABELS)?.dataUpdatedAt ?? 0);
    if (unknown !== "" && age > 1_000) void queries.invalidateQueries({ queryKey: LABELS });
  }, [queries, unknown]);
  return labels.filter(({ id }) => ids.includes(id));
}

/** Creates a label, or gives the one that has this name and color. */
export function useCreateLabel(): (values: Omit<Label, "id">) => Promise<Label> {
  const { api } = useServices();
  const queries = useQueryClient();
  return async (values) => {
    const label = await api.request<Label>("/labels", { method: "POST", json: values });
    await queries.invalidateQueries({ queryKey: LABELS });
    return label;
  };
}

/** What can be done with a label for all chats that have it. Both throw what the server answers. */
export function useChangeLabel() {
  const { api } = useServices();
  const queries = useQueryClient();
  const change = async (id: number, method: "PUT" | "DELETE", json?: Omit<Label, "id">) => {
    await api.request(`/labels/${id}`, { method, ...(json && { json }) });
    await queries.invalidateQueries({ queryKey: LABELS });
  };
  return {
    rename: ({ id, color }: Label, name: string) => change(id, "PUT", { name, color }),
    remove: ({ id }: Label) => change(id, "DELETE"),
  };
}

async function allLabels(api: Api): Promise<Label[]> {
  const labels: Label[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const page: LabelPage = await api.request<LabelPage>(`/labels?limit=100${more}`);
    labels.push(...page.data);
    cursor = page.nextCursor;
  }
  return labels.sort((a, b) => a.name.localeCompare(b.name));
}
