import { describe, it } from "vitest";
import { verifySignature } from "../../src/whatsapp/signature.ts";
import { bytesOf } from "./fixtures.ts";

/** RFC 4231 §4.3: test case 2 of HMAC-SHA-256. */
const secret = "Jefe";
const body = bytesOf("what do ya want for nothing?");
const hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

describe("a webhook signature", () => {
  it("hands the signed bytes back, from bytes and from a buffer", async ({ expect }) => {
    expect(await verifySignature(body, `sha256=${hex}`, [secret])).toBe(body);
    expect(await verifySignature(body.buffer, `sha256=${hex}`, [secret])).toEqual(body);
  });

  it("may be upper case, and of any of several secrets", async ({ expect }) => {
    expect(await verifySignature(body, `sha256=${hex.toUpperCase()}`, ["old", secret])).toBe(body);
  });

  it("covers bytes beyond ASCII as they are, within a larger buffer too", async ({ expect }) => {
    const larger = new Uint8Array([0, 0, ...body, 0]);
    expect(await verifySignature(larger.subarray(2, -1), `sha256=${hex}`, [secret])).not.toBeNull();
    expect(await verifySignature(larger, `sha256=${hex}`, [secret])).toBeNull();
    expect(
      await verifySignature(bytesOf("what do ya want for nothing?\u00e4"), `sha256=${hex}`, [secret]),
    ).toBeNull();
  });

  it.for([
    null,
    "",
    hex,
    "sha256=",
    `sha256=${hex.slice(1)}`,
    `sha256=${hex}0`,
    `sha256=${hex.slice(2)}zz`,
    `sha256=${hex.slice(2)}ff`,
    `sha1=${hex.slice(0, 40)}`,
    `sha256=${hex}\nsha256=${hex}`,
    `sha256=${hex}, sha256=${hex}`,
  ])("is refused when it is %j", async (header, { expect }) => {
    expect(await verifySignature(body, header, [secret])).toBeNull();
  });

  it("is refused for another secret, and for a byte order mark before the body", async ({ expect }) => {
    expect(await verifySignature(body, `sha256=${hex}`, ["Jeff"])).toBeNull();
    expect(
      await verifySignature(new Uint8Array([0xef, 0xbb, 0xbf, ...body]), `sha256=${hex}`, [secret]),
    ).toBeNull();
  });

  it.for([[[]], [[""]], [[secret, ""]], [[" "]]])(
    "cannot be checked with the secrets %j",
    async ([secrets], { expect }) => {
      await expect(verifySignature(body, `sha256=${hex}`, secrets ?? [])).rejects.toThrow("secret");
    },
  );
});
