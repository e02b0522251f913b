import { type Finding, finding, maskId } from "../../domain/check.ts";

/** What connects a number, as an operator typed it; null where it is missing. */
export type NumberValues = {
  phoneNumber: string | null;
  wabaPhoneNumberId: string | null;
  wabaId: string | null;
  wabaApiVersion: string | null;
  /** By an admin or an operator, who has to connect it again; a number that Meta took from the app comes back by its checks. */
  isDisconnected?: boolean;
};

/** The access token, or why there is none. */
export type GivenToken = { token: string } | { fault: string; isMissing: boolean };

const META_ID = /^\d{15,17}$/;
const PADDED = /^[\s"'“”«»]|[\s"'“”«»]$/;

/** C01. `values`: whatever was typed, unchanged. */
export function checkValues(values: NumberValues, given: GivenToken) {
  return shapeFault(values, given) ?? finding("C01", "pass", "values_ok");
}

function shapeFault(values: NumberValues, given: GivenToken): Finding | null {
  if (values.isDisconnected) return finding("C01", "fail", "number_disconnected");
  for (const field of ["wabaPhoneNumberId", "wabaId"] as const) {
    const fault = idFault(field, values[field], values.phoneNumber);
    if (fault) return fault;
  }
  if (values.wabaPhoneNumberId === values.wabaId) return finding("C01", "fail", "ids_equal");
  const version = values.wabaApiVersion?.trim();
  if (version && !/^v\d+\.\d+$/.test(version))
    return finding("C01", "fail", "version_malformed", { evidence: { version: version.slice(0, 20) } });
  return tokenFault(given);
}

function idFault(field: string, id: string | null, phoneNumber: string | null): Finding | null {
  const evidence = { field };
  if (!id || id.trim() === "") return finding("C01", "fail", "value_missing", { evidence });
  if (PADDED.test(id)) return finding("C01", "fail", "value_padded", { evidence });
  const digits = id.replace(/\D/g, "");
  const phone = (phoneNumber ?? "").replace(/\D/g, "");
  const looksDialled = /^\+|[()\s-]/.test(id) && /^[\d+()\s.-]+$/.test(id);
  if (looksDialled || (phone !== "" && digits === phone) || /^\d{10,13}$/.test(id))
    return finding("C01", "fail", "id_is_phone", { evidence });
  if (META_ID.test(id)) return null;
  return finding("C01", "fail", "id_malformed", { evidence: { field, value: maskId(digits) } });
}

function tokenFault(given: GivenToken): Finding | null {
  if ("fault" in given) {
    const code = given.isMissing ? "token_missing" : "token_unopened";
    return finding("C01", "fail", code, { evidence: { reason: given.fault } });
  }
  const { token } = given;
  if (token === "") return finding("C01", "fail", "token_missing", { evidence: { reason: "" } });
  if (PADDED.test(token))
    return finding("C01", "fail", "value_padded", { evidence: { field: "wabaAccessToken" } });
  if (!/^EAA[\x21-\x7e]+$/.test(token)) return finding("C01", "fail", "token_malformed");
  return null;
}
