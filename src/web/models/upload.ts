import type { Api } from "./api.ts";

type UploadOptions = { organizationPhoneId: number; signal: AbortSignal; onProgress(share: number): void };

/** Uploads a file for sending; its id. Throws as `Api.request` does, and an AbortError when `signal` aborts. */
export async function uploadFile(api: Api, file: File, options: UploadOptions): Promise<number> {
  const { organizationPhoneId, signal, onProgress } = options;
  const query = new URLSearchParams({
    organizationPhoneId: String(organizationPhoneId),
    fileName: file.name,
  });
  const headers = { "content-type": file.type || "application/octet-stream" };
  const { id } = await api.request<{ id: number }>(`/media?${query}`, {
    method: "POST",
    body: file,
    headers,
    signal,
    onProgress,
  });
  signal.throwIfAborted();
  return id;
}
