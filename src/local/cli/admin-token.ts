import { CannotRun } from "./doctor-options.ts";
import type { Terminal } from "./terminal.ts";
import { makeToken } from "./token.ts";

type Variables = Record<string, string | undefined>;

/**
 * An admin's token for the Worker at `url`: from WABA_DOCTOR_JWT, for a local Worker one of our own, or the one that is typed.
 * Throws `CannotRun` where nobody can be asked.
 */
export async function adminToken(
  { url, org }: { url: string; org: string },
  variables: Variables,
  terminal: Terminal,
): Promise<string> {
  if (variables.WABA_DOCTOR_JWT) return variables.WABA_DOCTOR_JWT;
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(URL.parse(url)?.hostname ?? "");
  if (isLocal && variables.JWT_SECRET) {
    const args = ["--org", org, "--sub", "doctor", "--role", "admin", "--name", "Doctor", "--ttl", "10m"];
    return await makeToken(args, variables, new Date());
  }
  if (!terminal.isInteractive)
    throw new CannotRun("Set WABA_DOCTOR_JWT to an admin's token, or run this on a terminal.");
  return await terminal.ask("An admin's token: ", { isHidden: true });
}
