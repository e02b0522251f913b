import { checkIds, requiredChecks } from "../../domain/check.ts";
import type { DescribedCheck } from "../../domain/check-text.ts";
import { describe } from "../../domain/check-texts.ts";
import { examineNumber } from "./doctor-number.ts";
import type { Options } from "./doctor-options.ts";
import { probeHandshake } from "./doctor-outside.ts";
import { words } from "./doctor-report.ts";
import type { WorkerApi } from "./doctor-worker.ts";
import type { Terminal } from "./terminal.ts";

/**
 * The wizard in a terminal: asks for the values (a Graph token is never an argument), checks them, saves the number, says what to
 * enter at Meta, and checks the rest. Throws `Refused` where the number is not taken.
 */
export async function connectNew(
  api: WorkerApi,
  options: Options,
  terminal: Terminal,
  report: (check: DescribedCheck, organizationPhoneId?: number | null) => void,
): Promise<void> {
  const { lang, url } = options;
  const said = words[lang];
  let values = {
    wabaId: await terminal.ask(said.wabaId),
    wabaPhoneNumberId: await terminal.ask(said.phoneNumberId),
    wabaAccessToken: await terminal.ask(said.token, { isHidden: true }),
  };
  const check = () => api.checkValues({ ...values, only: requiredChecks });
  let checks = await check();
  if (options.isFixing && checks.some(({ fixes }) => fixes.some(({ kind }) => kind === "swap_ids"))) {
    values = { ...values, wabaId: values.wabaPhoneNumberId, wabaPhoneNumberId: values.wabaId };
    checks = await check();
  }
  for (const one of checks) report(one);
  if (checks.some(({ status }) => status === "fail")) return;

  const { id, phoneNumber, callbackUrl, wabaVerifyToken } = await api.connect(values);
  terminal.say(`\n${said.phone} ${id}: ${phoneNumber}`);
  terminal.say(said.atMeta);
  terminal.say(`  Callback URL   ${callbackUrl}`);
  terminal.say(`  Verify token   ${wabaVerifyToken ?? "WABA_VERIFY_TOKEN"}\n`);
  report(describe(await probeHandshake(url, wabaVerifyToken), lang), id);
  const rest = checkIds.filter((one) => !requiredChecks.includes(one) && one !== "C09" && one !== "C10");
  for (const one of await examineNumber(api, id, { ...options, only: rest }, terminal)) report(one, id);
}
