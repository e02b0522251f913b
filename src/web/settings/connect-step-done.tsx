import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { CheckFixes } from "./check-fixes.tsx";
import { CheckList } from "./check-list.tsx";
import { FailureNotice } from "./failure-notice.tsx";
import styles from "./numbers.module.css";
import { usePhoneApi } from "./phone-api.ts";
import settings from "./settings.module.css";
import { useNumbersStrings } from "./use-numbers-strings.ts";

/** What is watched from now on, and what came before the number was added. */
export function ConnectStepDone({ phoneId }: { phoneId: number }) {
  const strings = useNumbersStrings();
  const [, navigate] = useLocation();
  const phones = usePhoneApi();
  const queries = useQueryClient();
  const key = ["phone", phoneId, phones.language];
  const { data: phone } = useQuery({ queryKey: key, queryFn: () => phones.read(phoneId) });
  // Health then shows how it is now, not how it was in an earlier step.
  const { data: report, refetch } = useQuery({
    queryKey: ["final-check", phoneId, phones.language],
    queryFn: () => phones.check(phoneId, {}),
    staleTime: 0,
  });
  const wrong = report?.checks.filter(({ status }) => status === "fail" || status === "warn") ?? [];
  const earlier = phone?.activity.earlierEvents ?? 0;
  const apply = useMutation({
    mutationFn: async () => {
      for (let before = Number.POSITIVE_INFINITY; ; ) {
        const { remaining } = await phones.applyEarlier(phoneId);
        if (remaining === 0 || remaining >= before) return;
        before = remaining;
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  });
  return (
    <>
      <h2 className={settings.heading}>{strings.numbers.doneTitle}</h2>
      <p>{strings.numbers.doneLead}</p>
      <CheckList
        checks={wrong}
        actions={(check) => <CheckFixes check={check} phoneId={phoneId} onFixed={() => void refetch()} />}
      />
      {earlier > 0 && (
        <Notice tone="info">
          <p>{strings.numbers.earlierEvents(earlier)}</p>
          <Button isBusy={apply.isPending} onClick={() => apply.mutate()}>
            {strings.numbers.applyEarlier}
          </Button>
        </Notice>
      )}
      <FailureNotice error={apply.error} />
      <div className={styles.actions}>
        <Button look="primary" icon="inbox" onClick={() => navigate("/inbox")}>
          {strings.app.toInbox}
        </Button>
        <Button onClick={() => navigate("/settings/numbers")}>{strings.numbers.title}</Button>
      </div>
    </>
  );
}
