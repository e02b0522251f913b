import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "vitest";

/** What would reach the files that come after in the same workerd: it outlives `endWhatIsLeft` of support/shared-runtime.ts. */
const NEEDS_ITS_OWN_RUNTIME =
  /\b(?:resetModules|stubEnv|doMock|(?:globalThis|env|process\.env|\w+\.prototype)(?:\.\w+)+ = |Object\.(?:assign|defineProperty)\((?:globalThis|env|process\.env|\w+\.prototype)\b)/;

describe("the names of test files", async () => {
  const files = (await readdir(import.meta.dirname, { recursive: true })).filter((path) =>
    path.endsWith(".test.ts"),
  );
  const named = (ending: string) => files.filter((path) => path.endsWith(ending));

  it("give a runtime of its own to what others must not share", async ({ expect }) => {
    const shared = named(".worker.test.ts");
    expect(shared.length).toBeGreaterThan(40);
    for (const path of shared) {
      const [found] =
        NEEDS_ITS_OWN_RUNTIME.exec(await readFile(join(import.meta.dirname, path), "utf8")) ?? [];
      expect(found, `test/${path} uses ${found}: rename it to .isolated.test.ts`).toBeUndefined();
    }
  });

  it("keep Node's own folders to Node", ({ expect }) => {
    const inWorkerd = [...named(".worker.test.ts"), ...named(".isolated.test.ts")];
    expect(inWorkerd.filter((path) => /^(local|node)\//.test(path))).toEqual([]);
  });
});
