import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type HTMLAttributes, useEffect, useId, useState } from "react";
import { requiredChecks } from "../../domain/check.ts";
import type { Check, OpenPhone } from "../../http/contract.ts";
import { ApiError } from "../models/api.ts";
import { formatPhone } from "../models/format.ts";
import { Button } from "../parts/button.tsx";
import { CheckList } from "./check-list.tsx";
import { FailureNotice } from "./failure-notice.tsx";
import styles from "./numbers.module.css";
import { usePhoneApi } from "./phone-api.ts";
import { editOf, type FormValues, formValuesOf, isComplete, metaValuesOf } from "./phone-form.ts";
import settings from "./settings.module.css";
import { useNumbersStrings } from "./use-numbers-strings.ts";

const TYPING_PAUSE_MS = 600;
/** Besides the required ones those that the number alone shows; the others are dealt with in later steps. */
const SHOWN: string[] = [...requiredChecks, "C06", "C07", "C08"];

type ValuesProps = { phone: OpenPhone | null; onSaved(phoneId: number): void };

/**
 * The values of a number, checked while they are typed: of a new one, or of one that is stored (`phone`), whose token is kept unless
 * another one is typed. A token is in this component alone, and gone once it is saved.
 */
export function ConnectStepValues({ phone, onSaved }: ValuesProps) {
  const strings = useNumbersStrings();
  const phones = usePhoneApi();
  const queries = useQueryClient();
  const id = useId();
  const [values, setValues] = useState<FormValues>(() => formValuesOf(phone));
  const settled = useSettled(values);
  const edit = phone && editOf(values, phone);
  const {
    data: report,
    isFetching,
    error,
  } = useQuery({
    queryKey: ["values-check", phones.language, metaValuesOf(settled)],
    queryFn: () => phones.checkValues(metaValuesOf(settled)),
    enabled: isComplete(settled),
    placeholderData: keepPreviousData,
    // The key holds the token.
    gcTime: 0,
    staleTime: 0,
  });
  const save = useMutation({
    mutationFn: async () => {
      if (phone) return edit ? await phones.change(phone.id, edit) : phone;
      const name = values.name.trim();
      return await phones.connect({ ...metaValuesOf(values), ...(name !== "" && { name }) });
    },
    gcTime: 0,
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ["phones"] });
      await queries.invalidateQueries({ queryKey: ["phone", saved.id] });
      onSaved(saved.id);
    },
  });
  const refused = save.error instanceof ApiError ? (save.error.problem?.checks ?? []) : [];
  const live = isComplete(settled) ? (report?.checks ?? []).filter((one) => SHOWN.includes(one.id)) : [];
  const isCurrent = settled === values && !isFetching;
  const isGood = live.length > 0 && !live.some((one) => requiredChecks.includes(one.id) && isBad(one));
  const canSave = isComplete(values) ? isGood && isCurrent : phone !== null;
  const set = (change: Partial<FormValues>) => {
    setValues({ ...values, ...change });
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (canSave) save.mutate();
  };
  const field = (key: keyof FormValues, label: string, more: HTMLAttributes<HTMLInputElement> = {}) => (
    <div className={styles.field}>
      <label htmlFor={id + key}>{label}</label>
      <input
        id={id + key}
        type={key === "wabaAccessToken" ? "password" : "text"}
        value={values[key]}
        onChange={({ target }) => set({ [key]: key === "name" ? target.value : target.value.trim() })}
        autoComplete="off"
        spellCheck={false}
        {...more}
      />
    </div>
  );
  const { numbers } = strings;
  const name = field("name", phone ? numbers.name : `${numbers.name} (${numbers.optional})`);
  return (
    <form className={settings.group} onSubmit={submit}>
      <h2 className={settings.heading}>{phone ? numbers.changeTitle : numbers.valuesTitle}</h2>
      <p className={settings.hint}>{numbers.valuesLead}</p>
      {field("wabaId", numbers.wabaId, { inputMode: "numeric" })}
      {field("wabaPhoneNumberId", numbers.phoneNumberId, { inputMode: "numeric" })}
      {field("wabaAccessToken", numbers.token, { "aria-describedby": `${id}hint` })}
      <p id={`${id}hint`} className={settings.hint}>
        {phone?.accessTokenMask && `${numbers.keepToken(phone.accessTokenMask)} `}
        {numbers.tokenHint}
      </p>
      {name}
      {phone && field("phoneNumber", numbers.phoneNumber, { inputMode: "tel" })}
      {phone && field("wabaApiVersion", `${numbers.graphVersion} (${numbers.optional})`)}
      {isFetching && <p role="status">{numbers.checking}</p>}
      <CheckList
        checks={refused.length > 0 ? refused : live.filter(({ status }) => status !== "skip")}
        actions={(check) => <ValueFixes check={check} values={values} onChosen={set} />}
      />
      {refused.length === 0 && <FailureNotice error={save.error ?? error} />}
      <div className={styles.actions}>
        <Button type="submit" look="primary" isBusy={save.isPending} disabled={!canSave}>
          {phone ? (edit ? numbers.save : numbers.next) : numbers.connect}
        </Button>
      </div>
    </form>
  );
}

/** The values that a check offers instead. */
function ValueFixes({
  check,
  values,
  onChosen,
}: {
  check: Check;
  values: FormValues;
  onChosen(change: Partial<FormValues>): void;
}) {
  const strings = useNumbersStrings();
  const { wabaId, wabaPhoneNumberId } = values;
  if (!check.fixes.some(({ kind }) => kind === "use_number" || kind === "swap_ids")) return null;
  return (
    <div className={styles.actions}>
      {check.fixes.map((fix) => {
        if (fix.kind === "use_number")
          return (
            <Button
              key={fix.wabaPhoneNumberId}
              onClick={() => onChosen({ wabaPhoneNumberId: fix.wabaPhoneNumberId })}
            >
              {strings.numbers.takeNumber(formatPhone(fix.phoneNumber.replace(/\D/g, "")))}
            </Button>
          );
        if (fix.kind !== "swap_ids") return null;
        return (
          <Button
            key={fix.kind}
            onClick={() => onChosen({ wabaId: wabaPhoneNumberId, wabaPhoneNumberId: wabaId })}
          >
            {strings.numbers.swapIds}
          </Button>
        );
      })}
    </div>
  );
}

function isBad({ status }: Check): boolean {
  return status !== "pass" && status !== "warn";
}

/** The values once nothing was typed for a moment. */
function useSettled(values: FormValues): FormValues {
  const [settled, setSettled] = useState(values);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(values), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [values]);
  return settled;
}
