import { z } from "zod";
import type { JwtSettings } from "../config.ts";
import type { Role } from "../db/agents.ts";

/** The holder of a token. `organization`: our id as a number, or a text that is our id or an `Organization.externalId`. */
export type TokenClaims = { organization: number | string; sub: string; name: string; role: Role };

/** Text that Postgres can store: without U+0000 and unpaired surrogates. */
const text = z
  .string()
  .min(1)
  .max(255)
  .refine((value) => value.isWellFormed() && !value.includes("\0"));

const organization = z.union([z.int().min(1).max(2_147_483_647), text]);

/** One role name or a list of them. A list may also hold entries of other systems, which are ignored. */
const roleNames = z.union([z.string().transform((name) => [name]), z.array(z.unknown())]);

type Settings = Pick<JwtSettings, "organizationClaim" | "roleClaim" | "nameClaim" | "roles">;

/**
 * Reads the holder from verified claims by the configured claim names, or returns the claim that is missing or invalid. The
 * name defaults to the `sub`.
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
 * The value at a claim's path. Namespaced names contain dots ("https://waba.example/role"), so a key with the full name takes
 * precedence over a path through objects ("app_metadata.role"). Undefined when there is none.
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

/** The highest role that the names map to. `*` maps all other names, and a missing claim. Null when nothing matches. */
function roleOf(value: unknown, roles: ReadonlyMap<string, Role>): Role | null {
  const names = roleNames.safeParse(value);
  const found = (names.success ? names.data : []).map((name) =>
    typeof name === "string" && name !== "*" ? roles.get(name) : undefined,
  );
  if (found.includes("admin")) return "admin";
  return found.includes("agent") ? "agent" : (roles.get("*") ?? null);
}
