declare namespace Cloudflare {
  /** What tests set over the Worker's own environment, see bindings.ts. */
  interface Env {
    GRAPH_BASE_URL: string;
  }
}
