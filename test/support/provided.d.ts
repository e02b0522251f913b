import "vitest";

declare module "vitest" {
  /** What tests in workerd take of the run, see global-setup.ts. */
  interface ProvidedContext {
    graphUrl: string;
    keysUrl: string;
  }
}
