import type { CheckReport, OpenPhone, PhoneList, StoredCheckReport } from "../../http/contract.ts";
import type { Api } from "../models/api.ts";
import { useServices } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";

export type PhoneValues = { wabaId: string; wabaPhoneNumberId: string; wabaAccessToken: string };
type CheckRequest = { only?: string[]; wait?: { since: string; seconds: number }; messageId?: number };

/** The routes of our numbers, with texts in the language of the page. */
export function usePhoneApi() {
  const { api } = useServices();
  const { language } = useLanguage();
  return { language, ...phoneApi(api, language) };
}

function phoneApi(api: Api, language: string) {
  const headers = { "accept-language": language };
  const post = <Answer>(path: string, json: object) =>
    api.request<Answer>(`/phones${path}`, { method: "POST", json, headers });
  return {
    list: () => api.request<PhoneList>("/phones?limit=100", { headers }),
    read: (id: number) => api.request<OpenPhone>(`/phones/${id}`, { headers }),
    checkValues: (values: PhoneValues) => post<CheckReport>("/check", values),
    connect: (values: PhoneValues & { name?: string }) => post<OpenPhone>("", values),
    check: (id: number, request: CheckRequest) => post<StoredCheckReport>(`/${id}/check`, request),
    subscribe: (id: number) => api.request(`/phones/${id}/subscribe`, { method: "POST", headers }),
  };
}
