import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const META = join(import.meta.dirname, "../../drizzle/meta");

// Part of `npm run generate`: drizzle-kit compares the tables with the newest snapshot only, so the older ones are removed.
const snapshots = (await readdir(META)).filter((name) => name.endsWith("_snapshot.json")).sort();
for (const name of snapshots.slice(0, -1)) await rm(join(META, name));
