import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { CheckList } from "./check-list.tsx";
import styles from "./numbers.module.css";
import { usePhoneApi } from "./phone-api.ts";
import settings from "./settings.module.css";

/** Subscribes the app to the account's events with one click, unless it is already. */
export function ConnectStepSubscribe({ phoneId, onDone }: { phoneId: number; onDone(): void }) {
  const strings = useStrings();
  const phones = usePhoneApi();
  const {
    data: report,
    error,
    refetch,
  } = useQuery({
    queryKey: ["subscription-check", phoneId, phones.language],
    queryFn: () => phones.check(phoneId, { only: ["C12"] }),
    staleTime: 0,
  });
  const subscribe = useMutation({ mutationFn: () => phones.subscribe(phoneId), onSuccess: () => refetch() });
  const found = report?.checks.filter(({ id }) => id === "C12") ?? [];
  const isSubscribed = found.some(({ status }) => status === "pass");
  const failure = subscribe.error ?? error;
  return (
    <>
      <h2 className={settings.heading}>{strings.numbers.subscribeTitle}</h2>
      <p className={settings.hint}>{strings.numbers.subscribeLead}</p>
      {!report && !error && <p role="status">{strings.numbers.checking}</p>}
      {isSubscribed ? (
        <Notice tone="positive" role="status">
          {strings.numbers.subscribed}
        </Notice>
      ) : (
        <CheckList checks={found} />
      )}
      {failure && (
        <Notice tone="danger" role="alert">
          {failure.message}
        </Notice>
      )}
      <div className={styles.actions}>
        {!isSubscribed && (
          <Button look="primary" isBusy={subscribe.isPending} onClick={() => subscribe.mutate()}>
            {strings.numbers.subscribe}
          </Button>
        )}
        <Button look={isSubscribed ? "primary" : "secondary"} onClick={onDone}>
          {strings.numbers.next}
        </Button>
      </div>
    </>
  );
}
