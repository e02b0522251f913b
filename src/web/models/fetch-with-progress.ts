type UploadInit = { method: string; headers: Record<string, string>; body: Blob; signal?: AbortSignal };

/**
 * `fetch` for an upload, that says which share of the body has gone out, from 0 to 1: `fetch` itself does not. Throws as it does,
 * a TypeError without an answer and an AbortError when `signal` aborts.
 */
export function fetchWithProgress(
  url: string,
  { method, headers, body, signal }: UploadInit,
  onProgress: (share: number) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener("load", () => {
      const { status, responseText } = request;
      const type = request.getResponseHeader("content-type") ?? "";
      resolve(
        new Response(status === 204 ? null : responseText, { status, headers: { "content-type": type } }),
      );
    });
    request.addEventListener("error", () => reject(new TypeError("The upload failed.")));
    request.addEventListener("abort", () => reject(signal?.reason));
    if (signal?.aborted) return reject(signal.reason);
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}
