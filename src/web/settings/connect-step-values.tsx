import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useId, useState } from "react";
import type { Check } from "../../http/contract.ts";
import { formatPhone } from "../models/format.ts";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { CheckList } from "./check-list.tsx";
import styles from "./numbers.module.css";
import { type PhoneValues, usePhoneApi } from "./phone-api.ts";
import settings from "./settings.module.css";

const TYPING_PAUSE_MS = 600;
/** A number that fails one of these cannot work; the others are dealt with in later steps. */
const REQUIRED = ["C01", "C02", "C03", "C04", "C05"];
const SHOWN = [...REQUIRED, "C06", "C07", "C08"];

/** The three values of Meta's, checked while they are typed. The token is in this component alone, and gone once it is saved. */
export function ConnectStepValues({ onConnected }: { onConnected(phoneId: number): void }) {
  const strings = useStrings();
  const phones = usePhoneApi();
  const queries = useQueryClient();
  const [values, setValues] = useState<PhoneValues>({
    wabaId: "",
    wabaPhoneNumberId: "",
    wabaAccessToken: "",
  });
  const [name, setName] = useState("");
  const settled = useSettled(values);
  const isComplete = Object.values(settled).every((value) => value !== "");
  const id = useId();
  const {
    data: report,
    isFetching,
    error,
  } = useQuery({
    queryKey: ["values-check", phones.language, settled],
    queryFn: () => phones.checkValues(settled),
    enabled: isComplete,
    placeholderData: keepPreviousData,
    // The key holds the token.
    gcTime: 0,
    staleTime: 0,
  });
  const connect = useMutation({
    mutationFn: () => phones.connect({ ...values, ...(name.trim() !== "" && { name: name.trim() }) }),
    gcTime: 0,
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ["phones"] });
      onConnected(id);
    },
  });
  const checks = (report?.checks ?? []).filter(({ id }) => SHOWN.includes(id));
  const isCurrent = settled === values && !isFetching;
  const isGood =
    checks.length > 0 &&
    !checks.some((one) => REQUIRED.includes(one.id) && one.status !== "pass" && one.status !== "warn");
  const set = (change: Partial<PhoneValues>) => setValues({ ...values, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isGood && isCurrent) connect.mutate();
  };
  const field = (key: keyof PhoneValues, label: string, more: object = {}) => (
    <div className={styles.field}>
      <label htmlFor={`${id}${key}`}>{label}</label>
      <input
        id={`${id}${key}`}
        value={values[key]}
        onChange={({ target }) => set({ [key]: target.value.trim() })}
        autoComplete="off"
        spellCheck={false}
        {...more}
      />
    </div>
  );
  const actions = ({ fixes }: Check) => (
    <div className={styles.actions}>
      {fixes.map((fix) => {
        if (fix.kind === "use_number")
          return (
            <Button
              key={fix.wabaPhoneNumberId}
              onClick={() => set({ wabaPhoneNumberId: fix.wabaPhoneNumberId })}
            >
              {strings.numbers.takeNumber(formatPhone(fix.phoneNumber.replace(/\D/g, "")))}
            </Button>
          );
        if (fix.kind !== "swap_ids") return null;
        const swapped = { wabaId: values.wabaPhoneNumberId, wabaPhoneNumberId: values.wabaId };
        return (
          <Button key={fix.kind} onClick={() => set(swapped)}>
            {strings.numbers.swapIds}
          </Button>
        );
      })}
    </div>
  );

  return (
    <form className={settings.group} onSubmit={submit}>
      <h2 className={settings.heading}>{strings.numbers.valuesTitle}</h2>
      <p className={settings.hint}>{strings.numbers.valuesLead}</p>
      {field("wabaId", strings.numbers.wabaId, { inputMode: "numeric" })}
      {field("wabaPhoneNumberId", strings.numbers.phoneNumberId, { inputMode: "numeric" })}
      {field("wabaAccessToken", strings.numbers.token, { type: "password", "aria-describedby": `${id}hint` })}
      <p id={`${id}hint`} className={settings.hint}>
        {strings.numbers.tokenHint}
      </p>
      <div className={styles.field}>
        <label htmlFor={`${id}name`}>
          {strings.numbers.name} <span className={settings.hint}>({strings.numbers.optional})</span>
        </label>
        <input
          id={`${id}name`}
          value={name}
          maxLength={255}
          onChange={({ target }) => setName(target.value)}
        />
      </div>
      {isFetching && <p role="status">{strings.numbers.checking}</p>}
      {isComplete && (
        <CheckList checks={checks.filter(({ status }) => status !== "skip")} actions={actions} />
      )}
      {(error ?? connect.error) && (
        <Notice tone="danger" role="alert">
          {(connect.error ?? error)?.message}
        </Notice>
      )}
      <div className={styles.actions}>
        <Button type="submit" look="primary" isBusy={connect.isPending} disabled={!isGood || !isCurrent}>
          {strings.numbers.connect}
        </Button>
      </div>
    </form>
  );
}

/** The values once nothing was typed for a moment. */
function useSettled(values: PhoneValues): PhoneValues {
  const [settled, setSettled] = useState(values);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(values), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [values]);
  return settled;
}
