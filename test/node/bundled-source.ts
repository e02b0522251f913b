import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { build, type Plugin, type Rolldown } from "vite";

const ROOT = join(import.meta.dirname, "../..");

/** What tests in workerd import besides the source. They share one instance of each with the Worker. */
const PACKAGES = ["@neondatabase/serverless", "drizzle-orm", "fast-check", "jose", "zod"];

/** As the Workers pool resolves packages. */
const RESOLVE = {
  conditions: ["workerd", "worker", "module", "browser"],
  mainFields: ["browser", "module", "jsnext:main", "jsnext"],
};

/** Each runtime gets the chunks anew: half the bytes, with the same names. */
const WITHOUT_SPACE = { compress: false, mangle: false, codegen: { removeWhitespace: true } };

const NO_MAP = { mappings: "" } as const;

type SourceMap = Omit<Rolldown.SourceMap, "toString" | "toUrl">;
type Module = { code: string; map: SourceMap | typeof NO_MAP | null };

let bundle: Promise<Map<string, Module>> | null = null;

/**
 * Gives workerd the whole source and its packages as two chunks. Module by module they are a thousand requests to Vite for
 * each runtime that starts, ten seconds of a test file's time. Each source file is still a module with its own exports,
 * which it takes from the chunks, and each exists once. In watch mode, which needs the files themselves, does nothing.
 * `define` replaces constants as in the Worker's own build.
 */
export function bundledSource(define: Record<string, string>): Plugin {
  let modules: Map<string, Module> | null = null;
  return {
    name: "bundled-source",
    enforce: "pre",
    async buildStart() {
      if (process.argv.includes("--watch")) return;
      bundle ??= bundleSource(define);
      modules = await bundle;
    },
    resolveId(id, importer) {
      if (modules?.has(id)) return id;
      const isOfBundle = importer && modules?.has(importer) && modules.has(chunkPath(id));
      return isOfBundle ? chunkPath(id) : null;
    },
    load: (id) => modules?.get(id) ?? null,
  };
}

/** Every source file of the Worker by its path, the packages by their names, and the chunks that hold them by their own paths. */
async function bundleSource(define: Record<string, string>): Promise<Map<string, Module>> {
  const files = globSync("src/**/*.ts", {
    cwd: ROOT,
    exclude: ["src/local/**", "src/web/**", "src/**/*.d.ts"],
  });
  const paths = new Map(files.map((file) => [file, join(ROOT, file)]));
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: "warn",
    define,
    resolve: RESOLVE,
    ssr: { noExternal: true, target: "webworker", resolve: RESOLVE },
    build: {
      write: false,
      ssr: true,
      minify: false,
      target: "esnext",
      sourcemap: true,
      rolldownOptions: {
        input: { ...Object.fromEntries(paths), ...Object.fromEntries(PACKAGES.map((name) => [name, name])) },
        external: /^(cloudflare|node):/,
        output: {
          entryFileNames: "[name]",
          chunkFileNames: "[name].js",
          minify: WITHOUT_SPACE,
          codeSplitting: {
            groups: [{ name: "packages", test: /node_modules/ }, { name: "source" }],
          },
        },
      },
    },
  });
  const { output } = built as Rolldown.RolldownOutput;
  const chunks = output.filter((file) => file.type === "chunk");
  return new Map(
    chunks.map(({ name, fileName, isEntry, code, map }) => {
      const id = isEntry ? (paths.get(name) ?? name) : chunkPath(fileName);
      return [id, { code, map: name === "source" && map ? withoutContents(map) : NO_MAP }];
    }),
  );
}

/** With the places of the sources alone: whoever shows a line reads the file. */
function withoutContents(map: Rolldown.SourceMap): SourceMap {
  return { ...map, sourcesContent: map.sources.map(() => "") };
}

function chunkPath(name: string): string {
  return join(ROOT, "dist", basename(name));
}
