import { readConfig } from "../config.ts";
import { openAccessToken } from "../whatsapp/access-token.ts";
import type { GivenToken } from "../whatsapp/checks/values.ts";
import { type NumberClient, numberClient } from "../whatsapp/graph-number.ts";
import { AccessTokenError, parseSealingKeys, sealAccessToken } from "../whatsapp/sealed-token.ts";
import type { CheckSource } from "./check-number.ts";
import { GRAPH_LIMIT_MS } from "./phone-graph.ts";

/** A stored number's token as its row has it. */
type StoredToken = { id: number; wabaPhoneNumberId: string | null; wabaAccessToken: string | null };

/** What connecting and checking a number needs of this Worker's settings. */
export type NumberAccess = Pick<CheckSource, "appSecrets"> & {
  /** Graph, with a token that may not be stored yet; a null version is the default one. */
  client: (token: string, version: string | null) => NumberClient;
  /** The token of a row, opened, or why it cannot be. It never leaves the Worker. */
  open: (phone: StoredToken) => Promise<GivenToken>;
  /** Sealed for this row; null without `TOKEN_SEALING_KEY`. */
  seal: (organizationPhoneId: number, token: string) => Promise<string | null>;
  defaultVersion: string;
};

export function numberAccess(env: Env): NumberAccess {
  const { graph, sealingKeys, appSecrets } = readConfig(env);
  const contextOf = (rowId: number) => ({ table: "OrganizationPhone", column: "wabaAccessToken", rowId });
  return {
    appSecrets,
    defaultVersion: graph.version,
    client: (token, version) =>
      numberClient({
        baseUrl: graph.baseUrl,
        version: version?.trim() || graph.version,
        token,
        timeoutMs: GRAPH_LIMIT_MS,
      }),
    async open({ id, wabaPhoneNumberId, wabaAccessToken }) {
      try {
        const keys = await parseSealingKeys(sealingKeys);
        const secrets = { ...env };
        const phoneNumberId = wabaPhoneNumberId ?? "";
        const sources = { phoneNumberId, context: contextOf(id), secrets, keys };
        return { token: (await openAccessToken(wabaAccessToken, sources)).token };
      } catch (error) {
        if (!(error instanceof AccessTokenError)) throw error;
        return { fault: error.message, isMissing: error.fault === "secret_missing" };
      }
    },
    async seal(organizationPhoneId, token) {
      const keys = await parseSealingKeys(sealingKeys);
      return keys.size === 0 ? null : await sealAccessToken(token, contextOf(organizationPhoneId), keys);
    },
  };
}
