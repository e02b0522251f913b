import { OpenAPIHono } from "@hono/zod-openapi";
import type { HttpEnv } from "./http-env.ts";
import { refuseInvalid } from "./problem.ts";

/** Creates every router, so that all of them refuse an invalid request in the same way. */
export function newRouter() {
  return new OpenAPIHono<HttpEnv>({ defaultHook: refuseInvalid });
}
