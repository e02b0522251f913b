import { refusalText } from "../models/refusal.ts";
import { Notice } from "../parts/notice.tsx";
import { useLanguage } from "../parts/strings-context.tsx";

/** Why a request failed; nothing while it has not. */
export function FailureNotice({ error }: { error: unknown }) {
  const { language } = useLanguage();
  if (!error) return null;
  return (
    <Notice tone="danger" role="alert">
      {refusalText(error, language)}
    </Notice>
  );
}
