import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, it } from "vitest";
import { findListener } from "../../src/local/ports.ts";
import { mediaSystem } from "./media-system.ts";

const MB = 1024 * 1024;
/** Whoever held the file would need more than its 100 MB; all of an isolate may have 128. */
const GROWTH_LIMIT_BYTES = 90 * MB;

describe("a video of 100 MB", { timeout: 120_000 }, () => {
  let system: Awaited<ReturnType<typeof mediaSystem>>;

  beforeAll(async () => {
    system = await mediaSystem();
  }, 120_000);
  afterAll(() => system?.close());

  /** Of the whole workerd: our Worker, its objects, and besides them what plays R2 here. `most`: since it was started. */
  async function memory(): Promise<{ now: number; most: number }> {
    const holder = await findListener(system.worker.port);
    if (!holder) throw new Error("no workerd listens");
    const status = await readFile(`/proc/${holder.pid}/status`, "utf8");
    const bytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
    return { now: bytes("VmRSS"), most: bytes("VmHWM") };
  }

  it.skipIf(process.platform !== "linux")(
    "G9: comes in, and goes out, through far less memory than its size",
    async ({ expect }) => {
      // Whatever is loaded for the first file is loaded.
      await system.fileOf(
        await system.customerSends({ type: "video", video: { bytes: 5 * MB } }),
        ({ state }) => state === "stored",
      );
      const before = await memory();
      const phone = await system.customerSends({ type: "video", video: { bytes: 100 * MB } });
      const { file } = await system.fileOf(phone, ({ state }) => state === "stored");
      expect(Number(file.sizeBytes)).toBe(100 * MB);
      const stored = await memory();

      const answer = await system.worker.admin.get(`/media/${file.id}`);
      let read = 0;
      for await (const part of answer.body ?? []) read += part.length;
      expect(read).toBe(100 * MB);
      const after = await memory();
      console.log(
        `workerd: ${[before.now, stored.most, after.most].map((bytes) => Math.round(bytes / MB)).join(", ")} MB before, most while storing, most while reading`,
      );
      expect(stored.most - before.now).toBeLessThan(GROWTH_LIMIT_BYTES);
      expect(after.most - before.now).toBeLessThan(GROWTH_LIMIT_BYTES);
    },
  );
});
