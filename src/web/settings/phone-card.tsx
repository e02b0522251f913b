import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { requiredChecks } from "../../domain/check.ts";
import type { Check, PhoneList } from "../../http/contract.ts";
import { formatDateTime, formatPhone } from "../models/format.ts";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { CheckFixes } from "./check-fixes.tsx";
import { CheckList } from "./check-list.tsx";
import colors from "./check-status.module.css";
import { FailureNotice } from "./failure-notice.tsx";
import styles from "./numbers.module.css";
import { checkFromOutside } from "./outside-checks.ts";
import { usePhoneApi } from "./phone-api.ts";
import settings from "./settings.module.css";
import { useNumbersStrings } from "./use-numbers-strings.ts";

/** What the form of the number's values puts right, besides the required checks. */
const OF_VALUES = ["phone_differs", "version_ended", "version_ends_soon", "version_unknown"];

/** A number with its health: what is wrong, why, and what can be done about it here. */
export function PhoneCard({ phone }: { phone: PhoneList["data"][number] }) {
  const strings = useNumbersStrings();
  const [, navigate] = useLocation();
  const phones = usePhoneApi();
  const queries = useQueryClient();
  const { id, connection } = phone;
  const key = ["phone", id, phones.language];
  const { data } = useQuery({ queryKey: key, queryFn: () => phones.read(id) });
  const renew = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: key }),
      queries.invalidateQueries({ queryKey: ["phones"] }),
    ]);
  const check = useMutation({
    mutationFn: async () => {
      await phones.check(id, {});
      return await checkFromOutside(data?.wabaVerifyToken ?? null, phones.language);
    },
    onSuccess: renew,
  });
  const checks = [...(data?.checks ?? []), ...(check.data ?? [])].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const wrong = checks.filter(({ status }) => status === "fail" || status === "warn");
  const health = worstOf(checks) ?? phone.checkStatus ?? "skip";
  const checkedAt = data?.checkedAt ?? phone.checkedAt;
  const moment = (at: string) => formatDateTime(at, phones.language);
  const setUp = (step: number) => navigate(`/settings/numbers/new?phone=${id}&step=${step}`);
  const actions = (one: Check) => (
    <>
      <CheckFixes check={one} phoneId={id} onFixed={() => void renew()} />
      {(requiredChecks.includes(one.id) || OF_VALUES.includes(one.code)) && (
        <div className={styles.actions}>
          <Button onClick={() => setUp(1)}>{strings.numbers.changeValues}</Button>
        </div>
      )}
    </>
  );
  return (
    <article className={settings.section} aria-label={phone.name}>
      <header className={styles.header}>
        <div className={styles.who}>
          <h2 className={settings.heading}>
            <bdi>{phone.name}</bdi>
          </h2>
          <p className={settings.hint}>
            {formatPhone(phone.phoneNumber)}
            {phone.verifiedName && (
              <>
                {" · "}
                <bdi>{phone.verifiedName}</bdi>
              </>
            )}
          </p>
        </div>
        <span className={`${styles.badge} ${colors[connection === "connected" ? health : "fail"]}`}>
          {connection === "connected" ? strings.numbers.health[health] : strings.numbers.disconnected}
        </span>
      </header>
      {checks.length > 0 && wrong.length === 0 && <p>{strings.numbers.allPassed}</p>}
      <CheckList checks={wrong} actions={actions} />
      {checks.length > 0 && (
        <details className={styles.all}>
          <summary>{strings.numbers.showAll}</summary>
          <CheckList checks={checks} />
        </details>
      )}
      <FailureNotice error={check.error} />
      <footer className={styles.actions}>
        <Button icon="refresh" isBusy={check.isPending} onClick={() => check.mutate()}>
          {strings.numbers.checkNow}
        </Button>
        <Button look="quiet" onClick={() => setUp(1)}>
          {strings.numbers.openSetup}
        </Button>
        {connection === "connected" && <Disconnect phoneId={id} onDone={() => void renew()} />}
        <span className={settings.hint}>
          {checkedAt ? strings.numbers.checkedAt(moment(checkedAt)) : strings.numbers.neverChecked}
        </span>
      </footer>
    </article>
  );
}

/** Asks once more before it does it. */
function Disconnect({ phoneId, onDone }: { phoneId: number; onDone(): void }) {
  const strings = useNumbersStrings();
  const phones = usePhoneApi();
  const [isAsking, setAsking] = useState(false);
  const disconnect = useMutation({ mutationFn: () => phones.disconnect(phoneId), onSuccess: onDone });
  if (!isAsking)
    return (
      <Button look="quiet" onClick={() => setAsking(true)}>
        {strings.numbers.disconnect}
      </Button>
    );
  return (
    <Notice tone="warning" role="alert">
      <p>{strings.numbers.disconnectWarning}</p>
      <div className={styles.actions}>
        <Button look="danger" isBusy={disconnect.isPending} onClick={() => disconnect.mutate()}>
          {strings.numbers.disconnect}
        </Button>
        <Button onClick={() => setAsking(false)}>{strings.app.cancel}</Button>
      </div>
      <FailureNotice error={disconnect.error} />
    </Notice>
  );
}

function worstOf(checks: readonly Check[]): Check["status"] | undefined {
  return (["fail", "warn", "pass"] as const).find((status) => checks.some((one) => one.status === status));
}
