import { createContext, use, useSyncExternalStore } from "react";
import type { Api } from "../models/api.ts";
import type { BrowserStore } from "../models/browser-store.ts";
import type { SessionStore, SignIn } from "../models/session-store.ts";

/** What every component may reach. Made once, in main.tsx. */
export type Services = { store: BrowserStore; sessions: SessionStore; api: Api };

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error("There is no ServicesContext around this component.");
  return services;
}

export function useSignIn(): SignIn {
  const { sessions } = useServices();
  return useSyncExternalStore(sessions.subscribe, () => sessions.state);
}
