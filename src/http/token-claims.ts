import { z } from "zod";
import type { JwtSettings } from "../config.ts";
import type { Role } from "../db/agents.ts";

/** What a token says of its holder. `organization`: our id, or a text that `Organization.externalId` or our id may be. */
export type TokenClaims = { organization: number | string; sub: string; name: string; role: Role };

/** Text that Postgres can hold: neither U+0000 nor half a surrogate pair. */
const text = z
  .string()
  .min(1)
  .max(255)
  .refine((value) => value.isWellFormed() && !value.includes("\0"));

const organization = z.union([z.int().min(1).max(2_147_483_647), text]);

/** Role names of the token; a list of them, or one. Anything else in a list is another system's. */
const roleNames = z.union([z.string().transform((name) => [name]), z.array(z.unknown())]);

type Settings = Pick<JwtSettings, "organizationClaim" | "roleClaim" | "nameClaim" | "roles">;

/**
 * Reads the holder out of verified claims, by the configured names. Or says which claim is missing or has a value that is
 * not accepted. Without a name the `sub` is shown.
 */
export function readClaims(
  payload: Record<string, unknown>,
  { organizationClaim, roleClaim, nameClaim, roles }: Settings,
): { claims: TokenClaims } | { invalidClaim: string } {
  const sub = text.safeParse(payload.sub);
  if (!sub.success) return { invalidClaim: "sub" };
  const belongsTo = organization.safeParse(claimAt(payload, organizationClaim));
  if (!belongsTo.success) return { invalidClaim: organizationClaim };
  const role = roleOf(claimAt(payload, roleClaim), roles);
  if (role === null) return { invalidClaim: roleClaim };
  const shownName = claimAt(payload, nameClaim);
  const name = text.safeParse(shownName ?? sub.data);
  if (!name.success) return { invalidClaim: nameClaim };
  return { claims: { organization: belongsTo.data, sub: sub.data, name: name.data, role } };
}

/**
 * The value at a claim's path. A name may hold dots itself, as namespaced ones do ("https://waba.example/role"), so a key that
 * is there goes before a path through objects ("app_metadata.role"). Undefined when there is none.
 * @internal
 */
export function claimAt(claims: unknown, path: string): unknown {
  if (typeof claims !== "object" || claims === null || Array.isArray(claims)) return undefined;
  if (Object.hasOwn(claims, path)) return Reflect.get(claims, path);
  for (let dot = path.indexOf("."); dot !== -1; dot = path.indexOf(".", dot + 1)) {
    const head = path.slice(0, dot);
    if (!Object.hasOwn(claims, head)) continue;
    const value = claimAt(Reflect.get(claims, head), path.slice(dot + 1));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The highest role that the names are mapped to; `*` stands for every name, and for none. Null when there is none. */
function roleOf(value: unknown, roles: ReadonlyMap<string, Role>): Role | null {
  const names = roleNames.safeParse(value);
  const found = (names.success ? names.data : []).map((name) =>
    typeof name === "string" && name !== "*" ? roles.get(name) : undefined,
  );
  if (found.includes("admin")) return "admin";
  return found.includes("agent") ? "agent" : (roles.get("*") ?? null);
}
