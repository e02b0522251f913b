import type { Problem } from "../../http/contract.ts";
import { fetchWithProgress } from "./fetch-with-progress.ts";
import type { SessionStore } from "./session-store.ts";

/** The server's refusal. `problem` is null when the answer was not ours, such as a proxy's error page. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly problem: Problem | null;

  constructor(status: number, problem: Problem | null) {
    super(problem?.detail ?? `The server answered with ${status}.`);
    this.status = status;
    this.problem = problem;
  }
}

/** No answer: whether the request arrived is unknown. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
}

type RequestOptions = {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  body?: Blob;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** The share of `body` that has gone out. */
  onProgress?: (share: number) => void;
};

/** Calls our API with the session's token. */
export class Api {
  readonly #sessions: SessionStore;

  constructor(sessions: SessionStore) {
    this.#sessions = sessions;
  }

  /**
   * The answer's JSON; undefined for 204. Throws ApiError when the server refuses, after it has marked the session as expired
   * if its token was refused, and NetworkError when there was no answer.
   */
  async request<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
    const { session, isExpired } = this.#sessions.state;
    const token = session?.token ?? "";
    // The server would count it as a failed sign-in.
    if (isExpired) throw new ApiError(401, null);
    const response = await this.requestAs(token, path, options);
    if (response.status === 204) return undefined as Answer;
    if (response.ok) return (await response.json()) as Answer;
    const refusal = await readProblem(response);
    if (response.status === 401) this.#sessions.expire(token);
    throw new ApiError(response.status, refusal);
  }

  /** The same with any token, and with the answer as it came. Throws NetworkError. */
  async requestAs(token: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const { method = "GET", json, body, signal, onProgress } = options;
    const url = `/api/waba${path}`;
    const headers = {
      authorization: `Bearer ${token}`,
      ...(json !== undefined && { "content-type": "application/json" }),
      ...options.headers,
    };
    const init = { method, headers, ...(signal && { signal }) };
    try {
      if (body && onProgress) return await fetchWithProgress(url, { ...init, body }, onProgress);
      const content = json === undefined ? body : JSON.stringify(json);
      return await fetch(url, { ...init, ...(content && { body: content }), cache: "no-store" });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new NetworkError("The server did not answer.");
    }
  }
}

async function readProblem(response: Response): Promise<Problem | null> {
  const isProblem = response.headers.get("content-type")?.includes("application/problem+json");
  return isProblem ? ((await response.json()) as Problem) : null;
}
