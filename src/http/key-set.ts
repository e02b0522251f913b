import {
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWTHeaderParameters,
  type LocalJWKSet,
} from "jose";
import { errorName, log } from "../log.ts";

const FETCH_LIMIT_MS = 5_000;
/** Keys are fetched again after this time, so that a withdrawn one is accepted no longer. */
const FRESH_MS = 10 * 60_000;
/** Between two fetches of known keys: many tokens with an unknown key must not become many fetches. */
const COOLDOWN_MS = 30_000;
/** How long known keys are used while their address is unavailable. */
const USABLE_MS = 24 * 3_600_000;

/** Thrown while no keys are known and their address gives none: no fault of the token's. */
export class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
}

type Loaded = { find: LocalJWKSet; atMs: number };

/**
 * The public keys of an identity provider (RFC 7517), by their address. While the address is unavailable, known keys are
 * used for up to a day; where the runtime has a cache, also those that an earlier isolate knew.
 */
export class KeySet {
  readonly #url: string;
  #loaded: Loaded | null = null;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #hasFailed = false;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * The keys that may have signed a token: one for a known `kid`, all that fit the algorithm for a token without one.
   * Throws `KeysUnavailable`, and jose's `JWKSNoMatchingKey`.
   */
  async keysFor(header: JWTHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey[]> {
    const { find } = await this.#load(FRESH_MS);
    try {
      return await matching(find, header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      // The key may be newer than what we know.
      return await matching((await this.#load(0)).find, header, token);
    }
  }

  /** Whether the address gave keys when it was last asked; it is asked now when what is known is not fresh. */
  async isAvailable(): Promise<boolean> {
    try {
      await this.#load(FRESH_MS);
    } catch {
      return false;
    }
    return !this.#hasFailed;
  }

  async #load(freshMs: number): Promise<Loaded> {
    const known = this.#loaded;
    const now = Date.now();
    const isFresh = known !== null && !this.#hasFailed && now - known.atMs < freshMs;
    const isCoolingDown = now - this.#triedAtMs < COOLDOWN_MS;
    if (known && isUsable(known, now) && (isFresh || isCoolingDown)) return known;
    this.#triedAtMs = now;
    try {
      this.#loaded = await fetchKeys(this.#url);
      this.#hasFailed = false;
      return this.#loaded;
    } catch (error) {
      this.#hasFailed = true;
      log("signin_keys_unavailable", { error: errorName(error) });
      this.#loaded = known ?? (await cachedKeys(this.#url));
      if (!this.#loaded || !isUsable(this.#loaded, now)) throw new KeysUnavailable();
      return this.#loaded;
    }
  }
}

function isUsable({ atMs }: Loaded, now: number): boolean {
  return now - atMs <= USABLE_MS;
}

async function matching(
  find: LocalJWKSet,
  header: JWTHeaderParameters,
  token: FlattenedJWSInput,
): Promise<CryptoKey[]> {
  try {
    return [await find(header, token)];
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    const keys: CryptoKey[] = [];
    for await (const key of error) keys.push(key);
    return keys;
  }
}

async function fetchKeys(url: string): Promise<Loaded> {
  const answer = await fetch(url, {
    headers: { accept: "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(FETCH_LIMIT_MS),
  });
  if (answer.status !== 200) throw new Error("the address of the keys answers with another status than 200");
  const keys = await answer.json<JSONWebKeySet>();
  const loaded = { find: createLocalJWKSet(keys), atMs: Date.now() };
  await cacheKeys(url, keys, loaded.atMs);
  return loaded;
}

/** The cache's key: no address that anybody fetches. */
const cacheKey = (url: string) => `https://waba-edge.invalid/signin-keys?url=${encodeURIComponent(url)}`;

/** https://developers.cloudflare.com/workers/runtime-apis/cache/: on workers.dev it does nothing; bare workerd has none. */
async function cacheKeys(url: string, keys: JSONWebKeySet, atMs: number): Promise<void> {
  const headers = { "cache-control": `max-age=${USABLE_MS / 1000}` };
  await caches.default
    .put(cacheKey(url), Response.json({ keys: keys.keys, atMs }, { headers }))
    .catch(() => undefined);
}

async function cachedKeys(url: string): Promise<Loaded | null> {
  const cached = await caches.default.match(cacheKey(url)).catch(() => undefined);
  if (!cached) return null;
  const { keys, atMs } = await cached.json<JSONWebKeySet & { atMs: number }>();
  return { find: createLocalJWKSet({ keys }), atMs };
}
