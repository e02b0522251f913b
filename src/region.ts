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

/** The region of the database; null where it is not Neon's. */
export function databaseRegionOf({ databaseUrl }: Config): string | null {
  return databaseUrl && URL.canParse(databaseUrl) ? regionOfDatabase(databaseUrl) : null;
}

/**
 * Where the Worker is placed and where the database is, when they differ; null when they agree, or one of them is not known: a
 * database that is not Neon's, or a Worker without `PLACEMENT_REGION`.
 */
export function regionsApart(config: Config): { worker: string; database: string } | null {
  const { placementRegion: worker } = config;
  const region = databaseRegionOf(config);
  if (worker === null || region === null) return null;
  const database = `aws:${region}`;
  return worker === database ? null : { worker, database };
}

/** Every webhook asks for them: the address is parsed once. */
const optionsOf = new WeakMap<Config, DurableObjectNamespaceGetDurableObjectOptions>();

/**
 * Options for the stub of an object that works with the database. An object stays where it was first created, whoever calls it
 * later, and the first call may come from anywhere (the cron's does). Without a known region the caller's place decides.
 * @internal
 */
export function besideDatabase(env: object): DurableObjectNamespaceGetDurableObjectOptions {
  const config = readConfig(env);
  const known = optionsOf.get(config);
  if (known) return known;
  const region = databaseRegionOf(config);
  const locationHint = region === null ? undefined : LOCATION_HINTS[region];
  const options = locationHint ? { locationHint } : {};
  optionsOf.set(config, options);
  return options;
}

/** The generation of objects that is in use. */
export function generationOf(env: object): number {
  return readConfig(env).placementGeneration ?? 0;
}

/**
 * The object of this name that works with the database. An object never moves, so that after a move of the database to another
 * region objects of a new generation take over, under names of their own; those of the first have the plain names.
 */
export function objectBesideDatabase<Class extends Rpc.DurableObjectBranded>(
  env: object,
  objects: DurableObjectNamespace<Class>,
  name: string,
  generation = generationOf(env),
): DurableObjectStub<Class> {
  return objects.getByName(nameInGeneration(name, generation), besideDatabase(env));
}

/** @internal */
export function nameInGeneration(name: string, generation: number): string {
  return generation === 0 ? name : `${generation}/${name}`;
}

/** The organization phone after which an object is named, in whichever generation. */
export function phoneIdInName(name: string | undefined): number {
  return Number(name?.split("/").at(-1));
}
