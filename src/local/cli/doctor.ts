import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseEnv } from "node:util";
import { checkIds, finding } from "../../domain/check.ts";
import { type DescribedCheck, describe } from "../../domain/check-texts.ts";
import { readDevVars } from "../dev-vars.ts";
import { reasonOf } from "../error-reason.ts";
import { adminToken } from "./admin-token.ts";
import { CannotRun, type Options, readOptions, USAGE } from "./doctor-options.ts";
import { probeAddress, probeHandshake } from "./doctor-outside.ts";
import { exitCodeOf, formatCheck, type Reported, words } from "./doctor-report.ts";
import { checkReadiness, Refused, type WorkerApi, type WorkerPhone, workerApi } from "./doctor-worker.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

const DEV_VARS = join(import.meta.dirname, "../../../.dev.vars");
const POLL_MS = 1_000;
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
  const api = workerApi(url, await adminToken(options, variables, terminal), lang);
  let phones: WorkerPhone[];
  try {
    if (options.isNew) {
      await connectNew(api, options, terminal, report);
      return found;
    }
    phones = await phonesOf(api, options.phone);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // Before anything works, what answers at the address is the cause, or what the Worker says of itself.
    const handshake = await probeHandshake(url, variables.WABA_VERIFY_TOKEN ?? null);
    const system = await checkReadiness(url, lang);
    if (!system && handshake.status !== "fail") throw new CannotRun(error.message);
    report(describe(handshake, lang));
    if (system) report(system);
    return found;
  }
  if (phones.length === 0) {
    report(describe(await probeHandshake(url, variables.WABA_VERIFY_TOKEN ?? null), lang));
    const system = await checkReadiness(url, lang);
    report(system ?? describe(finding("C15", "pass", "system_ok"), lang));
  }
  for (const { id, wabaVerifyToken } of phones) {
    const handshake = await probeHandshake(url, wabaVerifyToken ?? variables.WABA_VERIFY_TOKEN ?? null);
    const checks = await checksOf(api, id, options, terminal);
    for (const check of checks) {
      if (check.id !== "C09") report(check.id === "C10" ? describe(handshake, lang) : check, id);
    }
  }
  return found;
}

async function phonesOf(api: WorkerApi, phone: number | null): Promise<WorkerPhone[]> {
  if (phone !== null) return [await api.phone(phone)];
  const all = await api.phones();
  const connected = all.filter(({ connection }) => connection === "connected");
  return await Promise.all(connected.map(({ id }) => api.phone(id)));
}

/** The Worker's checks of one number, after the fixes that were asked for, with the live ones waited for. */
async function checksOf(
  api: WorkerApi,
  id: number,
  { only, wait, to, isFixing }: Options,
  terminal: Terminal,
): Promise<DescribedCheck[]> {
  const request = only ? { only } : {};
  let checks = await api.check(id, request);
  if (isFixing && (await applyFixes(api, id, checks, terminal))) checks = await api.check(id, request);
  const live: DescribedCheck[] = [];
  if (wait !== null) live.push(...(await inbound(api, id, wait)));
  if (to !== null) live.push(...(await outbound(api, id, to)));
  return checks.map((check) => live.find((one) => one.id === check.id) ?? check);
}

async function inbound(api: WorkerApi, id: number, seconds: number): Promise<DescribedCheck[]> {
  const wait = { since: new Date().toISOString(), seconds };
  return await settled(() => api.check(id, { only: ["C13"], wait }));
}

async function outbound(api: WorkerApi, id: number, to: string): Promise<DescribedCheck[]> {
  const messageId = await api.test(id, to);
  return await settled(() => api.check(id, { only: ["C14"], messageId }));
}

/** Asks until the check no longer waits. */
async function settled(ask: () => Promise<DescribedCheck[]>): Promise<DescribedCheck[]> {
  for (;;) {
    const checks = await ask();
    if (!checks.some(({ code }) => code.endsWith("_waiting"))) return checks;
    await wait(POLL_MS);
  }
}

/** Only what is safe to repeat, or needs a PIN that somebody types. */
async function applyFixes(
  api: WorkerApi,
  id: number,
  checks: DescribedCheck[],
  terminal: Terminal,
): Promise<boolean> {
  let isChanged = false;
  for (const { fixes } of checks) {
    for (const { kind } of fixes) {
      if (kind === "subscribe") await api.fix(id, kind);
      else if (kind === "register")
        await api.fix(id, kind, { pin: await terminal.ask("PIN (6 digits): ", { isHidden: true }) });
      else continue;
      isChanged = true;
    }
  }
  return isChanged;
}

/** The wizard in a terminal: a Graph token is asked for, never an argument. */
async function connectNew(
  api: WorkerApi,
  { lang }: Options,
  terminal: Terminal,
  report: (check: DescribedCheck, id?: number | null) => void,
): Promise<void> {
  const values = {
    wabaId: await terminal.ask("WABA ID: "),
    wabaPhoneNumberId: await terminal.ask("Phone number ID: "),
    wabaAccessToken: await terminal.ask("Access token: ", { isHidden: true }),
  };
  const before = checkIds.slice(0, 8);
  const checks = await api.checkValues({ ...values, only: before });
  for (const check of checks) report(check);
  if (checks.some(({ status, id }) => status === "fail" && id <= "C05")) return;
  const { id, phoneNumber } = await api.connect(values);
  console.error(`${words[lang].phone} ${id}: ${phoneNumber}`);
  for (const check of await api.check(id, { only: checkIds.slice(10) })) report(check, id);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.isHelp) return console.log(USAGE);
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
    const { checks, exitCode } = await diagnose(process.argv.slice(2), variables, terminal, show);
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
