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
/** Keys are refetched after this time, so that a withdrawn key stops being accepted. */
const FRESH_MS = 10 * 60_000;
/** Minimum time between two fetches while keys are known, so that tokens with unknown keys do not cause a fetch each. */
const COOLDOWN_MS = 30_000;
/** For how long known keys are used while their URL is unavailable. */
const USABLE_MS = 24 * 3_600_000;

/** Thrown when no keys are known and their URL is unavailable. The token is not at fault. */
export class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
}

type Loaded = { find: LocalJWKSet; atMs: number };

/**
 * The public keys of an identity provider (RFC 7517), fetched from a URL. While the URL is unavailable, known keys are used for
 * up to a day, and so are those that an earlier isolate stored in the runtime's cache, if there is one.
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
   * The keys that may have signed a token: the one with its `kid`, or all keys for its algorithm when it has no `kid`.
   * Throws `KeysUnavailable`, and jose's `JWKSNoMatchingKey`.
   */
  async keysFor(header: JWTHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey[]> {
    const { find } = await this.#load(FRESH_MS);
    try {
      return await matching(find, header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      // The key may be newer than our copy.
      return await matching((await this.#load(0)).find, header, token);
    }
  }

  /** Whether the last fetch succeeded. Fetches first when the known keys are not fresh. */
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
  if (answer.status !== 200) throw new Error("the key set URL did not answer with status 200");
  const keys = await answer.json<JSONWebKeySet>();
  const loaded = { find: createLocalJWKSet(keys), atMs: Date.now() };
  await cacheKeys(url, keys, loaded.atMs);
  return loaded;
}

/** The cache key, a URL that is never fetched. */
const cacheKey = (url: string) => `https://waba-edge.invalid/signin-keys?url=${encodeURIComponent(url)}`;

/** https://developers.cloudflare.com/workers/runtime-apis/cache/: no effect on workers.dev, and absent in bare workerd. */
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
