import { type CheckId, checkIds, checkNeeds, type Finding, finding } from "../domain/check.ts";
import { checkInbound, checkOutbound, type InboundFacts, type OutboundFacts } from "../domain/live-checks.ts";
import { checkSystem, type SystemFacts } from "../domain/system-check.ts";
import { checkAccount, checkMembership, checkSubscription } from "../whatsapp/checks/account.ts";
import { type Answer, answerOf, isVisible } from "../whatsapp/checks/answer.ts";
import { checkAppSecret, checkWebhook } from "../whatsapp/checks/app.ts";
import { checkHealth, checkReadiness } from "../whatsapp/checks/number.ts";
import { appIdOf, checkPermissions, checkToken } from "../whatsapp/checks/token.ts";
import { checkValues, type GivenToken, type NumberValues } from "../whatsapp/checks/values.ts";
import type { NumberClient } from "../whatsapp/graph-number.ts";
import type { JsonObject } from "../whatsapp/json-text.ts";

/** A number and everything that its checks may ask. */
export type CheckSource = {
  values: NumberValues;
  token: GivenToken;
  /** Made only once C01 has found a token. */
  client: (token: string) => NumberClient;
  appSecrets: readonly string[];
  /** Our webhook's address; null where no request says what it is. */
  callbackUrl: string | null;
  now: () => Date;
  inbound: () => Promise<InboundFacts>;
  outbound: () => Promise<OutboundFacts>;
  system: () => Promise<SystemFacts>;
};

/** Every read is asked for once, by whichever check is first. */
type Reads = {
  token: () => Promise<Answer<JsonObject>>;
  account: () => Promise<Answer<JsonObject>>;
  numbers: () => Promise<Answer<JsonObject[]>>;
  phone: () => Promise<Answer<JsonObject>>;
};

/** The live checks are asked every second or two, and ask Meta nothing: only when one fails are its grounds worth their calls. */
const DECIDED_FIRST: readonly CheckId[] = ["C13", "C14"];

/**
 * Runs checks of a number, all or some of them, and those that they need. Returns the wanted ones, and of the needed ones those
 * that failed, in the order of the checks. One whose ground failed is skipped and names it: one cause gives one failure.
 * `known` have just passed: where they are only needed, they are not run again.
 */
export async function checkNumber(
  source: CheckSource,
  only: readonly CheckId[] = checkIds,
  known: ReadonlySet<CheckId> = new Set(),
): Promise<Finding[]> {
  const wanted = new Set(only);
  const running = new Map<CheckId, Promise<Finding>>();
  const reads = readsOf(source);
  const run = (id: CheckId): Promise<Finding> => {
    const started = running.get(id) ?? start(id);
    running.set(id, started);
    return started;
  };
  const start = async (id: CheckId): Promise<Finding> => {
    const first = DECIDED_FIRST.includes(id) ? await decide(id, source, reads) : null;
    if (first && first.status !== "fail") return first;
    const needs = checkNeeds[id].filter((need) => wanted.has(need) || !known.has(need));
    const grounds = await Promise.all(needs.map(run));
    const missing = grounds.map(failedGround).find((ground) => ground !== null);
    if (missing) return finding(id, "skip", "needs", { evidence: { needs: missing } });
    return first ?? (await decide(id, source, reads));
  };
  await Promise.all([...wanted].map(run));
  const found = await Promise.all(checkIds.flatMap((id) => running.get(id) ?? []));
  return found.filter(({ id, status }) => wanted.has(id) || status === "fail");
}

/** The check at the bottom of it that failed. */
function failedGround({ id, status, code, evidence }: Finding): string | null {
  if (status === "fail") return id;
  return code === "needs" ? (evidence.needs ?? null) : null;
}

async function decide(id: CheckId, source: CheckSource, reads: Reads): Promise<Finding> {
  const { values, token, appSecrets } = source;
  const wabaId = values.wabaId ?? "";
  const phoneNumberId = values.wabaPhoneNumberId ?? "";
  switch (id) {
    case "C01":
      return checkValues(values, token);
    case "C02":
      return checkToken(await reads.token(), source.now());
    case "C03":
      return checkPermissions(await reads.token(), wabaId, isVisible(await reads.phone()));
    case "C04": {
      const answer = await reads.account();
      return checkAccount(answer, wabaId, "error" in answer && (await isSwapped(source)));
    }
    case "C05":
      return checkMembership(await reads.numbers(), { wabaId, phoneNumberId });
    case "C06":
      return checkReadiness(await reads.phone(), values.phoneNumber);
    case "C07":
      return checkHealth(await reads.phone(), await reads.account());
    case "C08": {
      const prove = (secret: string) => answerOf(clientOf(source).prove(phoneNumberId, secret));
      return checkAppSecret(await Promise.all(appSecrets.map(prove)));
    }
    case "C09":
    case "C10":
      return finding(id, "skip", "run_outside");
    case "C11":
      return checkWebhook(await appSubscriptions(source, reads), (url) => isOurs(url, source.callbackUrl));
    case "C12": {
      const phone = await reads.phone();
      return checkSubscription(await answerOf(clientOf(source).subscribedApps(wabaId)), {
        appId: appIdOf(await reads.token()),
        phone: "value" in phone ? phone.value : {},
        isOurs: (url) => isOurs(url, source.callbackUrl),
      });
    }
    case "C13":
      return checkInbound(await source.inbound());
    case "C14":
      return checkOutbound(await source.outbound());
    case "C15":
      return checkSystem(await source.system());
    default:
      return id satisfies never;
  }
}

function readsOf(source: CheckSource): Reads {
  const { wabaId, wabaPhoneNumberId } = source.values;
  return {
    token: once(() => answerOf(clientOf(source).inspectToken())),
    account: once(() => answerOf(clientOf(source).account(wabaId ?? ""))),
    numbers: once(() => answerOf(clientOf(source).numbers(wabaId ?? ""))),
    phone: once(() => answerOf(clientOf(source).phone(wabaPhoneNumberId ?? ""))),
  };
}

/** C01 has passed wherever this is called: there is a token. */
function clientOf({ client, token }: CheckSource): NumberClient {
  if ("fault" in token) throw new Error("A check without a token has asked Graph.");
  return client(token.token);
}

/** Whether each of the ids reads as what the other should be. */
async function isSwapped(source: CheckSource): Promise<boolean> {
  const { wabaId, wabaPhoneNumberId } = source.values;
  const [asPhone, asAccount] = await Promise.all([
    answerOf(clientOf(source).phone(wabaId ?? "")),
    answerOf(clientOf(source).account(wabaPhoneNumberId ?? "")),
  ]);
  return "value" in asPhone && "value" in asAccount;
}

/** By the first secret that Graph takes; C08 has found one. */
async function appSubscriptions(source: CheckSource, reads: Reads): Promise<Answer<JsonObject[]> | null> {
  const appId = appIdOf(await reads.token());
  if (appId === null) return null;
  let answer: Answer<JsonObject[]> | null = null;
  for (const secret of source.appSecrets) {
    answer = await answerOf(clientOf(source).appSubscriptions(appId, secret));
    if ("value" in answer) return answer;
  }
  return answer;
}

/** An address with or without a slash at its end. Where ours is not known, any host with our path is taken. */
function isOurs(url: string, callbackUrl: string | null): boolean {
  const [theirs, ours] = [URL.parse(url), callbackUrl === null ? null : URL.parse(callbackUrl)];
  if (!theirs) return false;
  const path = theirs.pathname.replace(/\/+$/, "");
  if (ours === null) return path.endsWith("/api/waba/webhook");
  return theirs.host === ours.host && path === ours.pathname;
}

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | null = null;
  return () => {
    answer ??= read();
    return answer;
  };
}
