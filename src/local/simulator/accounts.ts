import type { Fields } from "./fields.ts";
import { at } from "./fields.ts";
import type { WebhookChange } from "./webhook-body.ts";
import type { SimulatedPhone, World } from "./world.ts";

export const APP_ID = "670843887433847";
/** The business portfolio that owns every WABA. */
export const BUSINESS_ID = "506914307656634";

/** How a phone differs from a healthy one. */
export type PhoneState = {
  id: string;
  wabaId: string;
  /** Fields of Graph's object, by their names there. */
  fields: Fields;
  settings: Fields;
  /** The override of the callback URL. */
  callbackUrl: string | null;
  /** The PIN of two-step verification. */
  pin: string | null;
  /** The verification code that was sent to the phone last. */
  code: string | null;
  /** When the phone was registered or deregistered, in unix seconds. */
  registrations: number[];
  /** Whether the business shares the chats of its WhatsApp Business app. */
  sharesHistory: boolean;
  /** What was synchronized with that app. */
  synced: string[];
};

/** How a WABA differs from a healthy one. */
export type WabaState = {
  id: string;
  fields: Fields;
  /** Whether the app gets its events. */
  subscribed: boolean;
  callbackUrl: string | null;
};

export type AppState = {
  /** Null is the URL that the simulator was started with. */
  callbackUrl: string | null;
  /** The webhook fields that the app has subscribed to; null is all of them. */
  fields: string[] | null;
  /** Meta switches a webhook off whose address has failed for long. */
  active: boolean;
  /** Null is the secret that the simulator was started with. */
  secret: string | null;
  /** Whether every call needs an `appsecret_proof`. */
  requiresProof: boolean;
  /** How far Graph's clock is ahead of ours. */
  clockOffsetSeconds: number;
  /** The oldest version that Graph still has; a call of an older one is answered by it. */
  oldestVersion: string;
};

/** Finds a phone by Meta's id. */
export function findPhone(world: World, id: string | null | undefined): SimulatedPhone | null {
  return id ? phoneNow(world, id, world.phones.find((phone) => phone.id === id) ?? null) : null;
}

/** All phones, first those of the start. */
export function allPhones(world: World): SimulatedPhone[] {
  const started = new Map(world.phones.map((phone) => [phone.id, phone]));
  const ids = new Set([...started.keys(), ...world.journal.all("phone").map(({ id }) => id)]);
  return [...ids].map((id) => phoneNow(world, id, started.get(id) ?? null)).filter((phone) => phone !== null);
}

function phoneNow(world: World, id: string, start: SimulatedPhone | null): SimulatedPhone | null {
  const state = world.journal.get("phone", id);
  if (!state) return start;
  const { display_phone_number, verified_name } = state.fields;
  return {
    id: state.id,
    wabaId: state.wabaId,
    displayPhoneNumber: String(display_phone_number ?? start?.displayPhoneNumber ?? ""),
    verifiedName: String(verified_name ?? start?.verifiedName ?? ""),
  };
}

export function phoneState({ journal }: World, { id, wabaId }: SimulatedPhone): PhoneState {
  const healthy = {
    id,
    wabaId,
    fields: {},
    settings: {},
    callbackUrl: null,
    pin: null,
    code: null,
    registrations: [],
    sharesHistory: true,
    synced: [],
  };
  return { ...healthy, ...journal.get("phone", id) };
}

export function savePhoneState(world: World, phone: SimulatedPhone, change: Partial<PhoneState>): PhoneState {
  const state = phoneState(world, phone);
  const next = { ...state, ...change, fields: { ...state.fields, ...change.fields } };
  world.journal.put("phone", next.id, next);
  return next;
}

/** A WABA exists if it has a phone or was given a state; null for any other id. */
export function findWaba(world: World, id: string): WabaState | null {
  const { phones, journal } = world;
  const state = journal.get("waba", id);
  if (state) return state;
  // Without `allPhones`: every send asks, and a test run has thousands of phones.
  const exists =
    journal.all("phone").some((phone) => phone.wabaId === id) ||
    phones.some((phone) => phone.wabaId === id && !journal.get("phone", phone.id));
  return exists ? { id, fields: {}, subscribed: true, callbackUrl: null } : null;
}

export function saveWabaState({ journal }: World, waba: WabaState, change: Partial<WabaState>): WabaState {
  const next = { ...waba, ...change, fields: { ...waba.fields, ...change.fields } };
  journal.put("waba", next.id, next);
  return next;
}

export function allWabaIds(world: World): string[] {
  const ids = [
    ...allPhones(world).map((phone) => phone.wabaId),
    ...world.journal.all("waba").map(({ id }) => id),
  ];
  return [...new Set(ids)];
}

export function appState({ journal }: World): AppState {
  const start = {
    callbackUrl: null,
    fields: null,
    active: true,
    secret: null,
    requiresProof: false,
    clockOffsetSeconds: 0,
    oldestVersion: "v21.0",
  };
  return { ...start, ...journal.get("app", APP_ID) };
}

export function saveAppState(world: World, change: Partial<AppState>): AppState {
  const next = { ...appState(world), ...change };
  world.journal.put("app", APP_ID, next);
  return next;
}

export function appSecretOf(world: World): string {
  return appState(world).secret ?? world.appSecret;
}

/** Events come when the app has subscribed to the field and, per WABA, to its events. */
export function isSubscribed(world: World, { wabaId, field }: WebhookChange): boolean {
  const { fields, active } = appState(world);
  return (
    active && (fields?.includes(field) ?? true) && (world.journal.get("waba", wabaId)?.subscribed ?? true)
  );
}

/**
 * The URL for a change: the override of its phone, else of its WABA, else the app's, else null. Only what names a phone
 * follows an override. https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks/override
 */
export function callbackOf(world: World, { wabaId, value }: WebhookChange): string | null {
  const { journal } = world;
  const phoneNumberId = at(value, "metadata.phone_number_id");
  const override =
    typeof phoneNumberId === "string"
      ? (journal.get("phone", phoneNumberId)?.callbackUrl ?? journal.get("waba", wabaId)?.callbackUrl)
      : null;
  return override ?? appState(world).callbackUrl;
}
