import type { Api } from "./api.ts";

/** A ticket, which opens one socket once: a browser cannot send its token with one. */
export async function requestTicket(api: Api, target: { chatId: number } | { inbox: true }): Promise<string> {
  const json = target;
  return (await api.request<{ ticket: string }>("/socket-tickets", { method: "POST", json })).ticket;
}
