/** Vitest's module runner, as it shows it to the runtimes in which it runs tests. */
type Vitest = { __vitest_mocker__: { moduleRunner: { import: (path: string) => Promise<unknown> } } };

const MAIN = "/src/index.ts";

// For every call of the Worker and of its objects the Workers pool imports the main module again, and each time Vite is asked,
// in another process, where that is. So that it is asked once, the module is remembered.
const { moduleRunner } = (globalThis as unknown as Vitest).__vitest_mocker__;
const importModule = moduleRunner.import.bind(moduleRunner);
const known = new Map<string, Promise<unknown>>();
moduleRunner.import = async (path) => {
  if (!path.endsWith(MAIN)) return await importModule(path);
  const loaded = known.get(path) ?? importModule(path);
  known.set(path, loaded);
  return await loaded;
};
