import { createSecretKey } from "node:crypto";
import { jwtVerify } from "jose";
import { pool } from "./pool.ts";
import { setting } from "./settings.ts";

const KEY = createSecretKey(Buffer.from(setting("JWT_SECRET")));

export type Agent = { id: number; organizationId: number };

const known = new Map<string, Agent>();

/** Who a bearer token speaks for; null when it is none of ours. The agent's row is made when a token is first seen. */
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
  const agent = known.get(key);
  if (agent) return agent;
  const { rows } = await pool.query<{ id: number }>(
    `insert into "Agent" ("organizationId", sub, name, role) values ($1, $2, $2, $3)
     on conflict ("organizationId", sub) do update set role = excluded.role returning id`,
    [organizationId, sub, role],
  );
  const made = { id: rows[0]?.id ?? 0, organizationId };
  known.set(key, made);
  return made;
}
