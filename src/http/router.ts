import { OpenAPIHono } from "@hono/zod-openapi";
import type { HttpEnv } from "./http-env.ts";
import { refuseInvalid } from "./problem.ts";

/** Every router is made here, so that all refuse a bad request in the same words. */
export function newRouter() {
  return new OpenAPIHono<HttpEnv>({ defaultHook: refuseInvalid });
}
