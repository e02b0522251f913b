import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { SECRET_BYTES, secretBytes } from "../config.ts";

const HEADER =
  "# Secrets of local mode, written by `npm run dev`. Do not use in production or commit to git.\n";

/** Where the commands find the secrets of local mode, and `npm run dev` keeps them. */
export const DEV_VARS = join(import.meta.dirname, "../../.dev.vars");

/** The ports of local mode. DATABASE_URL points to `neon`, because the Worker's driver speaks Neon's HTTP protocol. */
export const LOCAL_PORTS = { worker: 8787, simulator: 8788, neon: 8789, postgres: 5433 };
export type LocalPorts = typeof LOCAL_PORTS;

/**
 * Reads the secrets of local mode from the file at `path`. Generates missing ones and appends them to the file, or creates
 * the file. Never changes an existing value, so a developer may edit it. Throws for a JWT_SECRET that the Worker would not accept.
 */
export async function loadDevVars(path: string, ports: LocalPorts): Promise<Record<string, string>> {
  const text = (await readDevVars(path)) ?? HEADER;
  const present = parseEnv(text) as Record<string, string>;
  if (present.JWT_SECRET !== undefined && secretBytes(present.JWT_SECRET) === null) {
    throw new Error(
      `JWT_SECRET in ${path} is shorter than ${SECRET_BYTES} bytes. Make it longer, or remove the line.`,
    );
  }
  const missing = Object.entries(generateDevVars(ports)).filter(([name]) => !(name in present));
  if (missing.length === 0) return present;

  const added = missing.map(([name, value]) => `${name}="${value}"\n`).join("");
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, text + (text.endsWith("\n") ? "" : "\n") + added, { mode: 0o600 });
  await rename(temporary, path);
  return { ...present, ...Object.fromEntries(missing) };
}

/** Null when the file does not exist. */
export async function readDevVars(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function generateDevVars(ports: LocalPorts): Record<string, string> {
  const key = () => randomBytes(32).toString("base64");
  return {
    DATABASE_URL: `postgres://postgres:local@127.0.0.1:${ports.neon}/waba`,
    META_APP_SECRET: "local-app-secret",
    WABA_VERIFY_TOKEN: "local-verify-token",
    WABA_ACCESS_TOKEN: `EAA${randomBytes(24).toString("hex")}`,
    TOKEN_SEALING_KEY: key(),
    SIGNING_KEY: key(),
    JWT_SECRET: key(),
    GRAPH_BASE_URL: `http://127.0.0.1:${ports.simulator}`,
  };
}
