import { type Config, readConfig } from "./config.ts";

/**
 * Where Cloudflare places an object that is called for the first time, for each region that Neon offers:
 * https://neon.com/docs/introduction/regions, https://developers.cloudflare.com/durable-objects/reference/data-location/
 */
const LOCATION_HINTS: Record<string, DurableObjectLocationHint> = {
  "us-east-1": "enam",
  "us-east-2": "enam",
  "us-west-2": "wnam",
  "sa-east-1": "sam",
  "eu-central-1": "weur",
  "eu-west-2": "weur",
  "ap-southeast-1": "apac",
  "ap-southeast-2": "oc",
};

/**
 * The region in the host of a Neon database, as in `ep-a-b-pooler.eu-central-1.aws.neon.tech`; null for any other host.
 * @internal
 */
export function regionOfDatabase(databaseUrl: string): string | null {
  const { hostname } = new URL(databaseUrl);
  return /\.([a-z]+-[a-z]+-\d)\.aws\.neon\.tech$/.exec(hostname)?.[1] ?? null;
}

/**
 * Where the Worker is placed and where the database is, when they differ; null when they agree, or one of them is not known: a
 * database that is not Neon's, or a Worker without `PLACEMENT_REGION`.
 */
export function regionsApart(config: Config): { worker: string; database: string } | null {
  const { databaseUrl, placementRegion: worker } = config;
  const region = databaseUrl && URL.canParse(databaseUrl) ? regionOfDatabase(databaseUrl) : null;
  if (worker === null || region === null) return null;
  const database = `aws:${region}`;
  return worker === database ? null : { worker, database };
}

/** Every webhook asks for them: the address is parsed once. */
const optionsOf = new WeakMap<Config, DurableObjectNamespaceGetDurableObjectOptions>();

/**
 * Options for the stub of an object that works with the database. An object stays where it was first created, whoever calls it
 * later, and the first call may come from anywhere (the cron's does). Without a known region the caller's place decides.
 */
export function besideDatabase(env: object): DurableObjectNamespaceGetDurableObjectOptions {
  const config = readConfig(env);
  const known = optionsOf.get(config);
  if (known) return known;
  const { databaseUrl } = config;
  const locationHint = databaseUrl && LOCATION_HINTS[regionOfDatabase(databaseUrl) ?? ""];
  const options = locationHint ? { locationHint } : {};
  optionsOf.set(config, options);
  return options;
}
