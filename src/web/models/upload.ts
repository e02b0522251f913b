import type { Api } from "./api.ts";

type UploadOptions = { organizationPhoneId: number; signal: AbortSignal; onProgress(share: number): void };

/** `metaId`: what a parameter of a template takes. */
export type Uploaded = { id: number; metaId: string };

/** Uploads a file for sending. Throws as `Api.request` does, and an AbortError when `signal` aborts. */
export async function uploadFile(api: Api, file: File, options: UploadOptions): Promise<Uploaded> {
  const { organizationPhoneId, signal, onProgress } = options;
  const query = new URLSearchParams({
    organizationPhoneId: String(organizationPhoneId),
    fileName: file.name,
  });
  const headers = { "content-type": file.type || "application/octet-stream" };
  const uploaded = await api.request<Uploaded>(`/media?${query}`, {
    method: "POST",
    body: file,
    headers,
    signal,
    onProgress,
  });
  signal.throwIfAborted();
  return uploaded;
}
