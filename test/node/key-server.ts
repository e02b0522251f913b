import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Stands for a sign-in's address of keys: `PUT` puts a text at a path, `GET` gives it, or 404; `GET` of the path and
 * `?asked` says how often it was asked for. Answers with the status of `?status`, of which each makes an address of its own.
 */
export async function startKeyServer(): Promise<{ url: string; close: () => void }> {
  const texts = new Map<string, string>();
  const asked = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    if (request.method === "PUT") {
      let text = "";
      for await (const part of request) text += part;
      texts.set(pathname, text);
      response.end();
    } else if (searchParams.has("asked")) {
      response.end(String(asked.get(pathname) ?? 0));
    } else {
      asked.set(pathname, (asked.get(pathname) ?? 0) + 1);
      const status = searchParams.get("status") ?? (texts.has(pathname) ? 200 : 404);
      response.writeHead(Number(status), { "content-type": "application/json" }).end(texts.get(pathname));
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}
