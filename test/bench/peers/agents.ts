import { createSecretKey } from "node:crypto";
import { jwtVerify } from "jose";
import { pool } from "./pool.ts";
import { setting } from "./settings.ts";

const KEY = createSecretKey(Buffer.from(setting("JWT_SECRET")));

export type Agent = { id: number; organizationId: number };

const cache = new Map<string, Agent>();

/** The agent of a bearer token; null when the token is invalid. Creates the agent's row on first use. */
export async function agentOf(authorization: string | undefined): Promise<Agent | null> {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (!token) return null;
  try {
    const { payload } = await jwtVerify(token, KEY, {
      algorithms: ["HS256"],
      requiredClaims: ["exp", "sub"],
    });
    return await rowOf(Number(payload.organizationId), String(payload.sub), String(payload.role));
  } catch {
    return null;
  }
}

async function rowOf(organizationId: number, sub: string, role: string): Promise<Agent> {
  const key = `${organizationId}/${sub}/${role}`;
  const agent = cache.get(key);
  if (agent) return agent;
  const { rows } = await pool.query<{ id: number }>(
    `insert into "Agent" ("organizationId", sub, name, role) values ($1, $2, $2, $3)
     on conflict ("organizationId", sub) do update set role = excluded.role returning id`,
    [organizationId, sub, role],
  );
  const created = { id: rows[0]?.id ?? 0, organizationId };
  cache.set(key, created);
  return created;
}
