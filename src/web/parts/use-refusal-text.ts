import { refusalText } from "../models/refusal.ts";
import { useLanguage } from "./strings-context.tsx";

/** Says in the language of the page why a request failed. */
export function useRefusalText(): (error: unknown) => string {
  const { language } = useLanguage();
  return (error) => refusalText(error, language);
}
