import type { BrowserStore } from "./browser-store.ts";

/** Where the browser keeps what an agent has chosen; each is on unless it was turned off, or the other way round. */
export const SINGLE_KEYS = "singleKeys";
export const SOUND = "sound";
export const NOTIFICATIONS = "notifications";
export const HIDE_TEXT = "hideText";
export const SHOW_TYPING = "showTyping";
export const ENTER_BREAKS = "enterBreaks";

const ON = "on";
const OFF = "off";

type Preference =
  | typeof SINGLE_KEYS
  | typeof SOUND
  | typeof NOTIFICATIONS
  | typeof HIDE_TEXT
  | typeof SHOW_TYPING
  | typeof ENTER_BREAKS;

const ON_AT_FIRST: readonly Preference[] = [SINGLE_KEYS, SOUND];

export function isOn(store: BrowserStore, preference: Preference): boolean {
  return (store.get(preference) ?? (ON_AT_FIRST.includes(preference) ? ON : OFF)) === ON;
}

export function turn(store: BrowserStore, preference: Preference, isOn: boolean): void {
  store.set(preference, isOn ? ON : OFF);
}
