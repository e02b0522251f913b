import { parseEnv } from "node:util";
import { checkIds, finding } from "../../domain/check.ts";
import type { DescribedCheck, Language } from "../../domain/check-text.ts";
import { describe } from "../../domain/check-texts.ts";
import { DEV_VARS, readDevVars } from "../dev-vars.ts";
import { reasonOf } from "../error-reason.ts";
import { adminToken } from "./admin-token.ts";
import { connectNew } from "./doctor-new.ts";
import { examineNumber } from "./doctor-number.ts";
import { CannotRun, type Options, readOptions, USAGE } from "./doctor-options.ts";
import { probeAddress, probeHandshake } from "./doctor-outside.ts";
import { exitCodeOf, formatCheck, type Reported, words } from "./doctor-report.ts";
import { checkReadiness, Refused, type WorkerApi, type WorkerPhone, workerApi } from "./doctor-worker.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

type Variables = Record<string, string | undefined>;
type Show = (check: Reported) => void;

/**
 * Runs the checks that the arguments ask for, shows each as it ends, and returns all of them with the exit code. Throws an error
 * that says why they could not run.
 */
export async function diagnose(
  args: string[],
  variables: Variables,
  terminal: Terminal,
  show: Show = () => undefined,
): Promise<{ checks: Reported[]; exitCode: 0 | 1 | 2 }> {
  const options = readOptions(args);
  const checks = await examine(options, variables, terminal, show);
  return { checks, exitCode: exitCodeOf(checks, options.isStrict) };
}

async function examine(
  options: Options,
  variables: Variables,
  terminal: Terminal,
  show: Show,
): Promise<Reported[]> {
  const { url, lang, only } = options;
  const found: Reported[] = [];
  const report = (check: DescribedCheck, organizationPhoneId: number | null = null) => {
    if (only && !only.includes(check.id) && check.status !== "fail") return;
    const reported = { ...check, organizationPhoneId };
    found.push(reported);
    show(reported);
  };
  const address = describe(await probeAddress(url), lang);
  report(address);
  if (address.status === "fail") {
    const rest = checkIds.filter((id) => id !== "C09");
    for (const id of rest)
      report(describe(finding(id, "skip", "needs", { evidence: { needs: "C09" } }), lang));
    return found;
  }
  let api: WorkerApi;
  let phones: WorkerPhone[];
  try {
    api = workerApi(url, await adminToken(options, variables, terminal), lang);
    if (options.isNew) {
      await connectNew(api, options, terminal, report);
      return found;
    }
    phones = await phonesOf(api, options.phone);
  } catch (error) {
    if (!(error instanceof Refused || error instanceof CannotRun)) throw error;
    // Before anything works, what answers at the address is the cause, or what the Worker says of itself.
    const outside = await seenFromOutside(url, variables, lang);
    if (!outside.some(({ status }) => status === "fail")) throw new CannotRun(error.message);
    for (const check of outside) report(check);
    return found;
  }
  if (phones.length === 0) {
    const system = describe(finding("C15", "pass", "system_ok"), lang);
    for (const check of await seenFromOutside(url, variables, lang, system)) report(check);
  }
  for (const { id, wabaVerifyToken } of phones) {
    const verifyToken = wabaVerifyToken ?? variables.WABA_VERIFY_TOKEN ?? null;
    for (const check of await examineNumber(api, id, options, terminal)) {
      if (check.id === "C10") report(describe(await probeHandshake(url, verifyToken), lang), id);
      else if (check.id !== "C09") report(check, id);
    }
  }
  return found;
}

/** What shows without a token: C10, and C15 where `/readyz` names something, or else `system`. */
async function seenFromOutside(
  url: string,
  variables: Variables,
  language: Language,
  system: DescribedCheck | null = null,
): Promise<DescribedCheck[]> {
  const handshake = await probeHandshake(url, variables.WABA_VERIFY_TOKEN ?? null);
  const ownParts = (await checkReadiness(url, language)) ?? system;
  return [describe(handshake, language), ...(ownParts ? [ownParts] : [])];
}

/** The one that is asked for, or those that are to work: also one that Meta took from the app, which a check brings back. */
async function phonesOf(api: WorkerApi, phone: number | null): Promise<WorkerPhone[]> {
  if (phone !== null) return [await api.phone(phone)];
  const all = await api.phones();
  const wanted = all.filter(
    ({ connection, disconnectReason }) =>
      connection === "connected" || disconnectReason === "partner_removed",
  );
  return await Promise.all(wanted.map(({ id }) => api.phone(id)));
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes("--help")) return console.log(USAGE);
  const options = readOptions(args);
  const local = parseEnv((await readDevVars(DEV_VARS)) ?? "");
  const terminal = openTerminal(process.stdin, process.stderr);
  const withColor = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;
  let shownPhone: number | null = null;
  const show: Show = (check) => {
    if (options.isJson) return;
    const { organizationPhoneId } = check;
    if (organizationPhoneId !== null && organizationPhoneId !== shownPhone) {
      console.log(`\n${words[options.lang].phone} ${organizationPhoneId}`);
      shownPhone = organizationPhoneId;
    }
    console.log(formatCheck(check, options.lang, withColor));
  };
  try {
    const variables = { ...local, ...process.env };
    const { checks, exitCode } = await diagnose(args, variables, terminal, show);
    if (options.isJson) console.log(JSON.stringify({ checks }));
    process.exitCode = exitCode;
  } finally {
    terminal.close();
  }
}

if (import.meta.main) {
  await main().catch((error) => {
    console.error(reasonOf(error));
    process.exitCode = 3;
  });
}
