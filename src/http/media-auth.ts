import { createMiddleware } from "hono/factory";
import { databaseUrlOf, readConfig } from "../config.ts";
import { connect, type Db } from "../db/client.ts";
import { AppError } from "../errors.ts";
import { readAddress } from "../media/addresses.ts";
import { requireAgent } from "./auth.ts";
import type { HttpEnv } from "./http-env.ts";

/** Whose files may be read. */
export type MediaReader = { organizationId: number; db: Db };

/**
 * Lets in who carries a token, or, to read one file, who has its signed address: an `<img>` cannot send a header. A token
 * goes before: its holder may have an address that has run out.
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
  if (grant === null) throw new AppError("token_invalid", "This address was not made here, or is damaged.");
  if (grant === "expired") throw new AppError("token_expired", "Ask for a new address.");
  c.set("reader", { organizationId: grant.organizationId, db: connect(databaseUrlOf(c.env)) });
  await next();
});
