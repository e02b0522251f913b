import { parseArgs, parseEnv } from "node:util";
import { SignJWT } from "jose";
import { SECRET_BYTES, secretBytes } from "../../config.ts";
import { DEV_VARS, readDevVars } from "../dev-vars.ts";

const HELP = `Prints a token that the Worker accepts, and nothing else. Whoever has it is that agent until it ends.

  --org 1  --sub anna  --role agent|admin  --name Anna  --ttl 12h  --json

  npm run --silent token -- --org 1 --sub anna --role admin
  npm run --silent token -- --org 1 --sub oleg --role agent --ttl 30m --json

It signs with JWT_SECRET from the environment or .dev.vars.`;

type Variables = Record<string, string | undefined>;

/**
 * Signs a JWT that the Worker accepts: `--org 1 --sub anna --role admin [--name Anna] [--ttl 12h]`. Throws an error that
 * names the wrong argument.
 */
export async function makeToken(args: string[], variables: Variables, now: Date): Promise<string> {
  const { organizationId, sub, role, name, expiresAt } = readArguments(args, now);
  const { JWT_SECRET, JWT_ISSUER, JWT_AUDIENCE } = variables;
  if (!JWT_SECRET) throw new Error("JWT_SECRET is not set: run `npm run dev` first, which writes .dev.vars.");

  const key = secretBytes(JWT_SECRET);
  if (!key)
    throw new Error(
      `JWT_SECRET is shorter than ${SECRET_BYTES} bytes: the Worker accepts no token that it signs.`,
    );
  const token = new SignJWT({ organizationId, role, name })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(sub)
    .setIssuedAt(now)
    .setExpirationTime(expiresAt);
  if (JWT_ISSUER) token.setIssuer(JWT_ISSUER);
  if (JWT_AUDIENCE) token.setAudience(JWT_AUDIENCE);
  return await token.sign(key);
}

function readArguments(args: string[], now: Date) {
  const { values } = parseArgs({
    args,
    options: {
      org: { type: "string" },
      sub: { type: "string" },
      role: { type: "string" },
      name: { type: "string" },
      ttl: { type: "string", default: "12h" },
      json: { type: "boolean" },
    },
  });
  const { org = "", sub = "", role = "", name = sub, ttl } = values;
  if (!/^[1-9]\d{0,8}$/.test(org))
    throw new Error("--org must be the organization's id, a positive integer.");
  if (sub === "") throw new Error("--sub must be the agent's id, such as anna.");
  if (role !== "agent" && role !== "admin") throw new Error("--role must be agent or admin.");
  return {
    organizationId: Number(org),
    sub,
    role,
    name,
    expiresAt: new Date(now.getTime() + readTtlMs(ttl)),
  };
}

function readTtlMs(ttl: string): number {
  const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const [, count, unit = ""] = /^([1-9]\d{0,5})([smhd])$/.exec(ttl) ?? [];
  const ms = Number(count) * (unitMs[unit] ?? Number.NaN);
  if (Number.isNaN(ms)) throw new Error("--ttl must be a number followed by s, m, h or d, such as 12h.");
  return ms;
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help")) return console.log(HELP);
  const local = parseEnv((await readDevVars(DEV_VARS)) ?? "");
  const token = await makeToken(args, { ...local, ...process.env }, new Date());
  console.log(args.includes("--json") ? JSON.stringify({ token }) : token);
}

if (import.meta.main) {
  await main().catch((error) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
