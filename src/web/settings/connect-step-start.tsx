import { useQuery } from "@tanstack/react-query";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { CheckFixes } from "./check-fixes.tsx";
import { CheckList } from "./check-list.tsx";
import { FailureNotice } from "./failure-notice.tsx";
import styles from "./numbers.module.css";
import { usePhoneApi } from "./phone-api.ts";
import settings from "./settings.module.css";
import { useNumbersStrings } from "./use-numbers-strings.ts";

/** Registers the number and subscribes the app to its account, whichever is lacking. */
export function ConnectStepStart({ phoneId, onDone }: { phoneId: number; onDone(): void }) {
  const strings = useNumbersStrings();
  const phones = usePhoneApi();
  const {
    data: report,
    error,
    refetch,
  } = useQuery({
    queryKey: ["start-check", phoneId, phones.language],
    queryFn: () => phones.check(phoneId, { only: ["C06", "C07", "C12"] }),
    staleTime: 0,
  });
  const wrong = report?.checks.filter(({ status }) => status === "fail" || status === "warn") ?? [];
  const isSubscribed = report?.checks.some(({ id, status }) => id === "C12" && status === "pass");
  const isReady = isSubscribed && !wrong.some(({ status }) => status === "fail");
  return (
    <>
      <h2 className={settings.heading}>{strings.numbers.startTitle}</h2>
      <p className={settings.hint}>{strings.numbers.startLead}</p>
      {!report && !error && <p role="status">{strings.numbers.checking}</p>}
      {isSubscribed && (
        <Notice tone="positive" role="status">
          {strings.numbers.subscribed}
        </Notice>
      )}
      <CheckList
        checks={wrong}
        actions={(check) => <CheckFixes check={check} phoneId={phoneId} onFixed={() => void refetch()} />}
      />
      <FailureNotice error={error} />
      <div className={styles.actions}>
        <Button look={isReady ? "primary" : "secondary"} onClick={onDone}>
          {strings.numbers.next}
        </Button>
      </div>
    </>
  );
}
