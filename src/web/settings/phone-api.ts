import type { CheckReport, OpenPhone, PhoneList, StoredCheckReport } from "../../http/contract.ts";
import type { Api } from "../models/api.ts";
import { useServices } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";

export type PhoneValues = { wabaId: string; wabaPhoneNumberId: string; wabaAccessToken: string };
export type PhoneEdit = Partial<PhoneValues> & {
  name?: string;
  phoneNumber?: string;
  wabaApiVersion?: string | null;
};
type SetUpStep = "subscribe" | "register" | "request-code" | "verify-code";
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
    change: (id: number, edit: PhoneEdit) =>
      api.request<OpenPhone>(`/phones/${id}`, { method: "PATCH", json: edit, headers }),
    disconnect: (id: number) => api.request<OpenPhone>(`/phones/${id}`, { method: "DELETE", headers }),
    /** A step at Meta that the number lacks. */
    setUp: (id: number, step: SetUpStep, json: object = {}) => {
      const body = Object.keys(json).length > 0 ? { json } : {};
      return api.request<object>(`/phones/${id}/${step}`, { method: "POST", headers, ...body });
    },
    /** Applies some of the events from before the number was added: `remaining` says how many are left. */
    applyEarlier: (id: number) =>
      api.request<{ applied: number; remaining: number }>(`/phones/${id}/earlier-events`, {
        method: "POST",
        headers,
      }),
  };
}
