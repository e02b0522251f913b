import { describe, it } from "vitest";
import { captureLogs } from "../support/logs.ts";
import { ask } from "../support/worker.ts";

const FORGED = { "content-type": "application/json", "x-hub-signature-256": "sha256=00" };

describe("a wrong address of the webhook", () => {
  it.for<[string, string, RequestInit]>([
    ["events", "/webhook", { method: "POST", headers: FORGED, body: "{}" }],
    ["events", "/api/waba/webhooks", { method: "POST", headers: FORGED, body: "{}" }],
    ["the check", "/api/webhook?hub.mode=subscribe&hub.verify_token=a-secret", {}],
  ])("is one line of the log when Meta sends %s to %s", async ([, path, init], { expect }) => {
    const { lines, stop } = captureLogs();
    const { status } = await ask(path, init);
    stop();
    expect(status).toBe(404);
    const refused = lines.filter((line) => line.includes("Webhook refused"));
    expect(refused).toEqual([expect.stringContaining('"code":"wrong_path"')]);
    expect(refused.join()).not.toContain("a-secret");
  });
});
