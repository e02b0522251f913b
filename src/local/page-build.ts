import { join } from "node:path";
import { build, type InlineConfig, type Rolldown } from "vite";

import { emojiFile } from "./emoji-file.ts";

const ROOT = join(import.meta.dirname, "../..");
const SOURCES = join(ROOT, "src/web");

/** Where `npm run build:web` puts the page, and where wrangler.toml expects it. */
export const PAGE_DIR = join(ROOT, "dist/web");

/** Browsers that know `light-dark()`, nesting and `:has()`: Vite lowers them for older ones, which loses the colours. */
const BROWSERS = ["chrome125", "firefox128", "safari17.5"];

/** Builds the page into `outDir`, with names that change with the content. Empties the folder first. Throws when it fails. */
export async function buildPage(outDir: string): Promise<void> {
  await build(describeBuild(outDir));
}

/**
 * Builds the page, then again after each change of its sources, until the returned function is called. `onBuilt` receives
 * null, or what is wrong with the sources; the last good build then stays.
 */
export async function watchPage(
  outDir: string,
  onBuilt: (error: Error | null) => void,
): Promise<() => Promise<void>> {
  const description = describeBuild(outDir);
  const started = await build({ ...description, build: { ...description.build, watch: {} } });
  const watcher = started as Rolldown.RolldownWatcher;
  await new Promise<void>((resolve) => {
    let isFirst = true;
    watcher.on("event", async (event) => {
      if (event.code === "BUNDLE_END") await event.result.close();
      if (event.code === "ERROR") onBuilt(event.error);
      else if (event.code !== "END") return;
      // The caller serves the first build itself.
      if (!isFirst && event.code === "END") onBuilt(null);
      isFirst = false;
      resolve();
    });
  });
  return async () => await watcher.close();
}

function describeBuild(outDir: string): InlineConfig {
  return {
    configFile: false,
    root: SOURCES,
    logLevel: "warn",
    // The caller's NODE_ENV, such as that of tests, must not make a development build.
    define: { "process.env.NODE_ENV": '"production"' },
    oxc: { jsx: { runtime: "automatic", development: false } },
    plugins: [emojiFile()],
    build: {
      outDir,
      emptyOutDir: true,
      target: BROWSERS,
      // The size check reads it.
      manifest: true,
      // A `data:` font or script would need a wider policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: {
        // The inbox, and the page of the API: neither loads anything of the other.
        input: ["index.html", "docs.html"].map((name) => join(SOURCES, name)),
        onwarn(warning, warn) {
          // "use client" means nothing without a server that renders.
          if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
        },
      },
    },
  };
}
