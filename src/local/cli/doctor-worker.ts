import { type CheckId, type Finding, finding } from "../../domain/check.ts";
import type { DescribedCheck, Language } from "../../domain/check-text.ts";
import { describe } from "../../domain/check-texts.ts";

const REQUEST_LIMIT_MS = 60_000;

/** A problem document's part that the doctor shows. */
type Refusal = { status: number; code: string; detail: string; reason?: string };

export type WorkerPhone = {
  id: number;
  name: string;
  phoneNumber: string;
  connection: string;
  disconnectReason: string | null;
  callbackUrl: string;
  wabaVerifyToken: string | null;
};

/** Throws this for what the Worker refuses. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.detail);
    this.refusal = refusal;
  }
}

type Call = <Answer>(method: string, path: string, body?: object) => Promise<Answer>;

/** Calls the Worker's API; paths are below `/api/waba`. Throws `Refused`, or what the network throws. */
export function workerCall(url: string, token: string, language: Language): Call {
  return async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await fetch(`${url}/api/waba${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "accept-language": language,
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: "manual",
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
    const text = await answer.text();
    const json = answer.status === 204 ? {} : parseOrNull(text);
    if (answer.ok && json !== null) return json as Answer;
    const { code = "not_ours", detail = `HTTP ${answer.status}`, reason } = (json ?? {}) as Partial<Refusal>;
    throw new Refused({ status: answer.status, code, detail, ...(reason && { reason }) });
  };
}

/** The Worker's API as an admin uses it. Every method throws what `workerCall` throws. */
export function workerApi(url: string, token: string, language: Language) {
  const call = workerCall(url, token, language);
  return {
    async phones(): Promise<WorkerPhone[]> {
      const found: WorkerPhone[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const page: { data: WorkerPhone[]; nextCursor: string | null } = await call(
          "GET",
          `/phones?limit=100${cursor && `&cursor=${cursor}`}`,
        );
        found.push(...page.data);
        cursor = page.nextCursor;
      }
      return found;
    },
    phone: (id: number) => call<WorkerPhone>("GET", `/phones/${id}`),
    check: async (id: number, request: { only?: CheckId[]; wait?: object; messageId?: number }) =>
      (await call<{ checks: DescribedCheck[] }>("POST", `/phones/${id}/check`, request)).checks,
    checkValues: async (values: object) =>
      (await call<{ checks: DescribedCheck[] }>("POST", "/phones/check", values)).checks,
    connect: (values: object) => call<WorkerPhone>("POST", "/phones", values),
    /** A step at Meta that the number lacks. */
    setUp: (id: number, step: "subscribe" | "register" | "request-code" | "verify-code", body: object = {}) =>
      call<object>("POST", `/phones/${id}/${step}`, body),
    test: async (id: number, to: string) =>
      (await call<{ id: number }>("POST", `/phones/${id}/test-message`, { to })).id,
  };
}
export type WorkerApi = ReturnType<typeof workerApi>;

/**
 * C15 without a token, of what the Worker's `/readyz` says to anyone. Null when it says that all is well, or nothing that we
 * could read.
 */
export async function checkReadiness(url: string, language: Language): Promise<DescribedCheck | null> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
    const found = readinessFinding((await answer.json()) as Readiness);
    return found && describe(found, language);
  } catch {
    return null;
  }
}

type Readiness = { checks?: Record<string, { status?: string; detail?: string } | undefined> };

/**
 * The first thing that readiness names, as C15 would.
 * @internal
 */
export function readinessFinding({ checks = {} }: Readiness): Finding | null {
  const failed = (name: string) => (checks[name]?.status === "failed" ? (checks[name]?.detail ?? "") : null);
  const [secrets, postgres, migrations] = [failed("secrets"), failed("postgres"), failed("migrations")];
  if (secrets !== null) {
    const evidence = { names: secrets.replace(/^missing: /, "") };
    return finding("C15", "fail", "secrets_missing", { evidence });
  }
  if (postgres?.startsWith("DATABASE_URL")) {
    return finding("C15", "fail", "secrets_missing", { evidence: { names: "DATABASE_URL" } });
  }
  if (postgres !== null) return finding("C15", "fail", "database_unreachable");
  if (migrations !== null) {
    const [, applied, wanted] = /^(\d+) of (\d+)/.exec(migrations) ?? [];
    return applied && wanted
      ? finding("C15", "fail", "migrations_missing", { evidence: { applied, wanted } })
      : finding("C15", "fail", "functions_outdated");
  }
  return failed("spool") === null ? null : finding("C15", "fail", "objects_silent");
}

function parseOrNull(text: string): object | null {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" ? json : null;
  } catch {
    return null;
  }
}
