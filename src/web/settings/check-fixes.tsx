import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import type { Check } from "../../http/contract.ts";
import { Button } from "../parts/button.tsx";
import { FailureNotice } from "./failure-notice.tsx";
import styles from "./numbers.module.css";
import { usePhoneApi } from "./phone-api.ts";
import { useNumbersStrings } from "./use-numbers-strings.ts";

type FixProps = { phoneId: number; onFixed(): void };

/** What may be done here about a check of a stored number: subscribe, register with a PIN, verify with a code. */
export function CheckFixes({ check, ...rest }: FixProps & { check: Check }) {
  return check.fixes.map(({ kind }) => {
    if (kind === "subscribe") return <SubscribeButton key={kind} {...rest} />;
    if (kind === "register") return <RegisterForm key={kind} {...rest} />;
    if (kind === "request_code") return <VerifyForm key={kind} {...rest} />;
    return null;
  });
}

function SubscribeButton({ phoneId, onFixed }: FixProps) {
  const strings = useNumbersStrings();
  const phones = usePhoneApi();
  const subscribe = useMutation({ mutationFn: () => phones.setUp(phoneId, "subscribe"), onSuccess: onFixed });
  return (
    <>
      <div className={styles.actions}>
        <Button look="primary" isBusy={subscribe.isPending} onClick={() => subscribe.mutate()}>
          {strings.numbers.subscribe}
        </Button>
      </div>
      <FailureNotice error={subscribe.error} />
    </>
  );
}

function RegisterForm({ phoneId, onFixed }: FixProps) {
  const strings = useNumbersStrings();
  const phones = usePhoneApi();
  const register = useMutation({
    mutationFn: (pin: string) => phones.setUp(phoneId, "register", { pin }),
    onSuccess: onFixed,
  });
  return (
    <>
      <DigitsForm
        label={strings.numbers.pin}
        hint={strings.numbers.pinHint}
        pattern="[0-9]{6}"
        action={strings.numbers.register}
        isBusy={register.isPending}
        onEntered={register.mutate}
      />
      <FailureNotice error={register.error} />
    </>
  );
}

function VerifyForm({ phoneId, onFixed }: FixProps) {
  const strings = useNumbersStrings();
  const phones = usePhoneApi();
  const { language } = phones;
  const request = useMutation({
    mutationFn: (method: "SMS" | "VOICE") =>
      phones.setUp(phoneId, "request-code", { method, language: language === "ru" ? "ru" : "en_US" }),
  });
  const verify = useMutation({
    mutationFn: (code: string) => phones.setUp(phoneId, "verify-code", { code }),
    onSuccess: onFixed,
  });
  return (
    <>
      <div className={styles.actions}>
        <Button isBusy={request.isPending} onClick={() => request.mutate("SMS")}>
          {strings.numbers.codeBySms}
        </Button>
        <Button isBusy={request.isPending} onClick={() => request.mutate("VOICE")}>
          {strings.numbers.codeByCall}
        </Button>
      </div>
      {request.isSuccess && (
        <DigitsForm
          label={strings.numbers.code}
          hint={strings.numbers.codeHint}
          pattern="[0-9]{4,8}"
          action={strings.numbers.enterCode}
          isBusy={verify.isPending}
          onEntered={verify.mutate}
        />
      )}
      <FailureNotice error={request.error ?? verify.error} />
    </>
  );
}

type DigitsFormProps = {
  label: string;
  hint: string;
  /** What the browser takes, as an expression over the whole text. */
  pattern: string;
  action: string;
  isBusy: boolean;
  onEntered(digits: string): void;
};

/** A few digits that somebody types, such as a PIN. */
function DigitsForm({ label, hint, pattern, action, isBusy, onEntered }: DigitsFormProps) {
  const id = useId();
  const [digits, setDigits] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onEntered(digits);
  };
  return (
    <form className={styles.field} onSubmit={submit}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.digits}>
        <input
          id={id}
          value={digits}
          onChange={({ target }) => setDigits(target.value.replace(/\D/g, ""))}
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern={pattern}
          maxLength={8}
          required
          aria-describedby={`${id}hint`}
        />
        <Button type="submit" look="primary" isBusy={isBusy}>
          {action}
        </Button>
      </div>
      <p id={`${id}hint`} className={styles.hint}>
        {hint}
      </p>
    </form>
  );
}
