import { describe, it } from "vitest";
import { AppError } from "../../src/errors.ts";
import { UnsignedBodies } from "../../src/http/unsigned-bodies.ts";

const KB = 1024;

/** A body that arrives when the test says so. */
function aSlowBody(headers: Record<string, string> = {}) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const init = { method: "POST", body: readable, duplex: "half", headers };
  return { request: new Request("https://edge.example/", init as RequestInit), writer };
}

const codeOf = (reading: Promise<unknown>) =>
  reading.then(
    () => "read",
    (error: unknown) => (error instanceof AppError ? `${error.status} ${error.message}` : error),
  );

describe("bodies that are not verified yet", () => {
  it("are read whole, small or large, with a length or without", async ({ expect }) => {
    const bodies = new UnsignedBodies({ bodyBytes: 1_000 * KB, totalBytes: 1_000 * KB, deadlineMs: 10_000 });
    for (const size of [0, 5, 200 * KB]) {
      for (const headers of [{ "content-length": String(size) }, {}]) {
        const body = new Uint8Array(size).fill(7);
        const request = new Request("https://edge.example/", { method: "POST", body, headers });
        expect(await bodies.read(request)).toEqual(body);
      }
    }
    const long = new Request("https://edge.example/", { method: "POST", body: new Uint8Array(1_001 * KB) });
    expect(await codeOf(bodies.read(long))).toContain("413");
  });

  it.for([{}, { "content-length": "100" }])("have a deadline: %j", async (headers, { expect }) => {
    const bodies = new UnsignedBodies({ bodyBytes: 1_000, totalBytes: 1_000, deadlineMs: 1 });
    const { request, writer } = aSlowBody(headers);
    void writer.write(new Uint8Array(10)).catch(() => undefined);
    expect(await codeOf(bodies.read(request))).toBe("503 The body did not arrive in time. Deliver it again.");
  });

  it("share a limit while they are read, which small ones do not need", async ({ expect }) => {
    const bodies = new UnsignedBodies({ bodyBytes: 400 * KB, totalBytes: 500 * KB, deadlineMs: 60_000 });
    const [first, second] = [aSlowBody(), aSlowBody()];
    const reading = bodies.read(first.request);
    await first.writer.write(new Uint8Array(300 * KB));
    const refused = codeOf(bodies.read(second.request));
    await second.writer.write(new Uint8Array(300 * KB)).catch(() => undefined);
    expect(await refused).toBe("503 Too many large bodies are being received. Deliver it again.");

    const body = "{}";
    const headers = { "content-length": "2" };
    const small = new Request("https://edge.example/", { method: "POST", body, headers });
    expect(await bodies.read(small)).toHaveLength(2);

    await first.writer.close();
    expect(await reading).toHaveLength(300 * KB);
    const next = new Request("https://edge.example/", { method: "POST", body: new Uint8Array(300 * KB) });
    expect(await bodies.read(next)).toHaveLength(300 * KB);
  });
});
