import { createMiddleware } from "hono/factory";
import { databaseUrlOf, readConfig } from "../config.ts";
import { connect, type Db } from "../db/client.ts";
import { AppError } from "../errors.ts";
import { readAddress } from "../media/addresses.ts";
import { requireAgent } from "./auth.ts";
import type { HttpEnv } from "./http-env.ts";

/** The organization whose files the caller may read. */
export type MediaReader = { organizationId: number; db: Db };

/**
 * Requires a bearer token or, to read one file, its signed address: an `<img>` cannot send a header. A token takes precedence,
 * since its holder may use an address that has expired.
 */
export const requireMediaReader = createMiddleware<HttpEnv>(async (c, next) => {
  const { organization, until, signature } = c.req.query();
  const mediaId = /^\/api\/waba\/media\/(\d{1,10})$/.exec(c.req.path)?.[1];
  const isRead = c.req.method === "GET" && mediaId !== undefined;
  if (!isRead || signature === undefined || c.req.header("authorization") !== undefined) {
    return await requireAgent(c, async () => {
      const { agent, db } = c.var.ctx;
      c.set("reader", { organizationId: agent.organizationId, db });
      await next();
    });
  }
  const signed = { organization: organization ?? "", until: until ?? "", signature };
  const grant = await readAddress(Number(mediaId), signed, readConfig(c.env).signingKeys, new Date());
  if (grant === null)
    throw new AppError(
      "token_invalid",
      "This signed address is malformed, or was not issued by this server.",
    );
  if (grant === "expired")
    throw new AppError("token_expired", "This signed address has expired. Request a new one.");
  c.set("reader", { organizationId: grant.organizationId, db: connect(databaseUrlOf(c.env)) });
  await next();
});
