import { useSyncExternalStore } from "react";
import type { PageConnection, PageStatus } from "../models/page-connection.ts";
import { useLanguage } from "../parts/strings-context.tsx";
import { connectionEn } from "../strings/connection-en.ts";
import { connectionRu } from "../strings/connection-ru.ts";

const texts = { en: connectionEn, ru: connectionRu };

/** How the page is connected, and the texts that say so. */
export function useConnection(connection: PageConnection): {
  status: PageStatus;
  strings: typeof connectionEn;
} {
  const status = useSyncExternalStore(connection.subscribe, () => connection.status);
  return { status, strings: texts[useLanguage().language] };
}
