import type { BrowserStore } from "./browser-store.ts";
import { HIDE_TEXT, NOTIFICATIONS, SINGLE_KEYS, SOUND } from "./preferences.ts";
import { isSameAgent, parseToken, type Session } from "./session.ts";

const TOKEN_KEY = "token";
/** What stays after sign-out: it says nothing about anybody. */
const BROWSER_SETTINGS = ["theme", "language", SINGLE_KEYS, SOUND, NOTIFICATIONS, HIDE_TEXT];
/** A longer timer would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** `expired`: the page is covered until the same agent has a new token, or somebody signs in. */
export type SignIn = { session: Session | null; isExpired: boolean };

/**
 * Who is signed in, shared by all tabs of the browser through its storage. The state changes when somebody signs in or out in
 * any tab, and when the token expires or the server refuses it.
 */
export class SessionStore {
  readonly #store: BrowserStore;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #state: SignIn;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: BrowserStore, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#state = this.#read();
    this.#schedule();
  }

  get state(): SignIn {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Everything of another agent that this browser stored is deleted first. */
  signIn(session: Session): void {
    const { session: before } = this.#state;
    if (before && !isSameAgent(before, session)) this.#store.wipe(BROWSER_SETTINGS);
    this.#store.set(TOKEN_KEY, session.token);
    this.#update();
  }

  signOut(): void {
    this.#store.wipe(BROWSER_SETTINGS);
    this.#update();
  }

  /** The server refused this token. A newer one, from another tab, stays. */
  expire(token: string): void {
    if (this.#state.session?.token !== token || this.#state.isExpired) return;
    this.#set({ ...this.#state, isExpired: true });
  }

  /** Another tab changed the storage. */
  reread(): void {
    this.#update();
  }

  #update(): void {
    this.#set(this.#read());
    this.#schedule();
  }

  #read(): SignIn {
    const session = parseToken(this.#store.get(TOKEN_KEY) ?? "");
    return { session, isExpired: session !== null && session.expiresAtMs <= this.#now() };
  }

  #set(state: SignIn): void {
    const { session, isExpired } = this.#state;
    if (session?.token === state.session?.token && isExpired === state.isExpired) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const { session, isExpired } = this.#state;
    if (!session || isExpired) return;
    const waitMs = Math.min(Math.max(session.expiresAtMs - this.#now(), 0), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#update(), waitMs);
  }
}
