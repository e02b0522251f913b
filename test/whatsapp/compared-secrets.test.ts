import { describe, it, vi } from "vitest";
import { sameSecret } from "../../src/whatsapp/challenge.ts";
import { verifySignature } from "../../src/whatsapp/signature.ts";

const SECRETS = ["first-secret", "second-secret"];

/**
 * A difference of nanoseconds cannot be measured through a network, nor on a busy machine. What can be seen is that a secret
 * meets what anyone may send only in functions whose time does not depend on where the two differ.
 */
describe("S8: what an unauthenticated caller sends", () => {
  it("as a signature is compared whole by the platform, with each secret", async ({ expect }) => {
    const verify = vi.spyOn(crypto.subtle, "verify");
    try {
      const body = Uint8Array.of(123, 125);
      expect(await verifySignature(body, `sha256=${"0".repeat(64)}`, SECRETS)).toBeNull();
      expect(verify.mock.calls.map(([, , signature, signed]) => [signature, signed])).toEqual(
        SECRETS.map(() => [new Uint8Array(32), body]),
      );
    } finally {
      verify.mockRestore();
    }
  });

  it.for(["other", "secre", "secret", "secret and more"])(
    "as a verify token is compared by its digest: %s",
    async (attempt, { expect }) => {
      const digest = vi.spyOn(crypto.subtle, "digest");
      try {
        expect(await sameSecret(attempt, "secret")).toBe(attempt === "secret");
        const hashed = digest.mock.calls.map(([, bytes]) => new TextDecoder().decode(bytes as Uint8Array));
        expect(hashed).toEqual([attempt, "secret"]);
      } finally {
        digest.mockRestore();
      }
    },
  );
});
