import { describe, it } from "vitest";
import { openAccessToken } from "../../src/whatsapp/access-token.ts";
import { parseSealingKeys, type SealContext, sealAccessToken } from "../../src/whatsapp/sealed-token.ts";

const oldKey = btoa("o".repeat(32));
const newKey = btoa("n".repeat(32));
const context: SealContext = { table: "OrganizationPhone", column: "wabaAccessToken", rowId: 1 };
const secrets = {
  WABA_ACCESS_TOKEN: "EAAcommon",
  WABA_ACCESS_TOKEN_987654321098765: "EAAown\n",
  WABA_ACCESS_TOKEN_EMPTY: "",
  META_APP_SECRET: "app-secret",
};

async function open(
  stored: string | null,
  changes: { phoneNumberId?: string; keys?: string; context?: SealContext } = {},
) {
  const phoneNumberId = changes.phoneNumberId ?? "987654321098765";
  const keys = await parseSealingKeys(changes.keys);
  return await openAccessToken(stored, { phoneNumberId, secrets, keys, context: changes.context ?? context });
}

describe("the token of a number", () => {
  it.for([
    [null, "987654321098765", "EAAown", "secret"],
    ["", "987654321098765", "EAAown", "secret"],
    [null, "111", "EAAcommon", "secret"],
    ["secret:WABA_ACCESS_TOKEN", "987654321098765", "EAAcommon", "secret"],
    ["secret:WABA_ACCESS_TOKEN_987654321098765", "111", "EAAown", "secret"],
    [" EAAraw\n", "111", "EAAraw", "raw"],
  ])("stored as %j, of number %s, is %s", async ([stored, phoneNumberId, token, kind], { expect }) => {
    expect(await open(stored ?? null, { phoneNumberId: phoneNumberId ?? "" })).toEqual({ token, kind });
  });

  it.for([
    ["secret:META_APP_SECRET", "secret_name_refused"],
    ["secret:", "secret_name_refused"],
    ["secret:constructor", "secret_name_refused"],
    ["secret:WABA_ACCESS_TOKEN_EMPTY", "secret_missing"],
    ["secret:WABA_ACCESS_TOKEN_NONE", "secret_missing"],
    ["sealed:v2:00000000:AAAA:AAAA", "cannot_open"],
    ["sealed:v1:00000000:AAAA:AAAA", "sealing_key_missing"],
    ["EAA raw", "not_a_token"],
  ])("stored as %s is not there: %s", async ([stored, fault], { expect }) => {
    await expect(open(stored ?? null)).rejects.toMatchObject({ name: "AccessTokenError", fault });
  });

  it("is missing by name when no secret fits", async ({ expect }) => {
    const keys = await parseSealingKeys(undefined);
    const opened = openAccessToken(null, { phoneNumberId: "111", secrets: {}, keys, context });
    await expect(opened).rejects.toThrow("WABA_ACCESS_TOKEN_111");
  });
});

describe("a sealed token", () => {
  it("opens in its own row, and with an older key while keys rotate", async ({ expect }) => {
    const sealed = await sealAccessToken("EAAsealed", context, await parseSealingKeys(oldKey));
    expect(sealed).toMatch(/^sealed:v1:[0-9a-f]{8}:[\w-]{16}:[\w-]{34}$/);
    expect(sealed).not.toContain("EAAsealed");
    const token = { token: "EAAsealed", kind: "sealed" };
    expect(await open(sealed, { keys: oldKey })).toEqual(token);
    expect(await open(sealed, { keys: `${newKey}, ${oldKey}` })).toEqual(token);
  });

  it("is sealed by the first key, each time anew", async ({ expect }) => {
    const keys = await parseSealingKeys(`${newKey},${oldKey}`);
    const [one, two] = [
      await sealAccessToken("EAA", context, keys),
      await sealAccessToken("EAA", context, keys),
    ];
    expect(one).not.toBe(two);
    expect(await open(one, { keys: newKey })).toMatchObject({ token: "EAA" });
    await expect(open(one, { keys: oldKey })).rejects.toMatchObject({ fault: "sealing_key_missing" });
  });

  it("does not open in another row or column, or damaged", async ({ expect }) => {
    const sealed = await sealAccessToken("EAAsealed", context, await parseSealingKeys(newKey));
    const fault = { fault: "cannot_open" };
    await expect(open(sealed, { keys: newKey, context: { ...context, rowId: 2 } })).rejects.toMatchObject(
      fault,
    );
    await expect(open(sealed, { keys: newKey, context: { ...context, column: "x" } })).rejects.toMatchObject(
      fault,
    );
    await expect(open(`${sealed}AA`, { keys: newKey })).rejects.toMatchObject(fault);
    await expect(open(sealed.slice(0, 24), { keys: newKey })).rejects.toMatchObject(fault);
  });

  it("needs a key of 32 bytes", async ({ expect }) => {
    await expect(sealAccessToken("EAA", context, await parseSealingKeys(" "))).rejects.toMatchObject({
      fault: "sealing_key_missing",
    });
    for (const key of ["short", btoa("o".repeat(31)), "%%%", `${newKey};${oldKey}`]) {
      await expect(parseSealingKeys(key)).rejects.toMatchObject({ fault: "sealing_key_malformed" });
    }
  });
});
