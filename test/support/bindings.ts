/** Two, as while rotating: what is signed with either is Meta's. */
export const APP_SECRET = "test-app-secret";
export const OLDER_APP_SECRET = "older-app-secret";
export const VERIFY_TOKEN = "test-verify-token";
export const JWT_SECRET = "a secret for tests, 32 characters or more";

/** Every variable and secret of the Worker under test. The optional ones are empty, which means "not set". */
export function testBindings(databaseUrl: string, graphUrl: string) {
  return {
    DATABASE_URL: databaseUrl,
    META_APP_SECRET: `${APP_SECRET},${OLDER_APP_SECRET}`,
    WABA_VERIFY_TOKEN: VERIFY_TOKEN,
    WABA_ACCESS_TOKEN: "EAAtest",
    TOKEN_SEALING_KEY: btoa("sealing key of 32 bytes: testing"),
    SIGNING_KEY: btoa("signing key of 32 bytes: testing"),
    JWT_SECRET,
    GRAPH_API_VERSION: "v25.0",
    GRAPH_BASE_URL: graphUrl,
  };
}
