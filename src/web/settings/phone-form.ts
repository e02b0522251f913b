import type { OpenPhone } from "../../http/contract.ts";
import type { PhoneEdit, PhoneValues } from "./phone-api.ts";

/** What the form for a number holds, as it is typed. */
export type FormValues = {
  wabaId: string;
  wabaPhoneNumberId: string;
  wabaAccessToken: string;
  name: string;
  phoneNumber: string;
  /** Empty: the Worker's default. */
  wabaApiVersion: string;
};

/** What Meta has to agree to. */
export function metaValuesOf({ wabaId, wabaPhoneNumberId, wabaAccessToken }: FormValues): PhoneValues {
  return { wabaId, wabaPhoneNumberId, wabaAccessToken };
}

export function isComplete(values: FormValues): boolean {
  return Object.values(metaValuesOf(values)).every((value) => value !== "");
}

/** An empty form, or that of a stored number, whose token nobody gets back. */
export function formValuesOf(phone: OpenPhone | null): FormValues {
  return {
    wabaId: phone?.wabaId ?? "",
    wabaPhoneNumberId: phone?.wabaPhoneNumberId ?? "",
    wabaAccessToken: "",
    name: phone?.name ?? "",
    phoneNumber: phone?.phoneNumber ?? "",
    wabaApiVersion: phone?.wabaApiVersion ?? "",
  };
}

/** What the form changes of a stored number; null for nothing. What is emptied stays, but for the version. */
export function editOf(values: FormValues, phone: OpenPhone): PhoneEdit | null {
  const before = formValuesOf(phone);
  const names = Object.keys(values) as (keyof FormValues)[];
  const changed = names.filter(
    (name) =>
      values[name].trim() !== before[name] && (values[name].trim() !== "" || name === "wabaApiVersion"),
  );
  if (changed.length === 0) return null;
  const edit = Object.fromEntries(changed.map((name) => [name, values[name].trim()]));
  return edit.wabaApiVersion === "" ? { ...edit, wabaApiVersion: null } : edit;
}
