import { useState } from "react";
import { refusalText } from "../models/refusal.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { useLanguage } from "../parts/strings-context.tsx";

/** Stands where something could not be loaded: why, and a way to try again. */
export function LoadFailure({ error, onRetry }: { error: unknown; onRetry(): Promise<unknown> }) {
  const { strings, language } = useLanguage();
  const [isBusy, setBusy] = useState(false);
  const retry = async () => {
    setBusy(true);
    await onRetry();
    setBusy(false);
  };
  return (
    <EmptyState icon="warning" title={strings.inbox.loadFailed} hint={refusalText(error, language)}>
      <Button icon="refresh" isBusy={isBusy} onClick={() => void retry()}>
        {strings.app.retry}
      </Button>
    </EmptyState>
  );
}
