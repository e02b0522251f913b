import { describe, it, onTestFinished } from "vitest";
import { aChat } from "../support/build.ts";
import { aRefusal } from "../support/gate.ts";
import { aText, aWamid, deliver } from "../support/meta.ts";
import { messageOf } from "../support/stored.ts";
import { drain, spoolDepth } from "./shards.ts";

describe("the intake, with a database that answers but stores nothing", () => {
  it.for(["57P01", "53300", "28P01"])(
    "D3: stores a message that Postgres refused with %s, once Postgres accepts it again",
    async (sqlState, { expect }) => {
      const chat = await aChat();
      const wamid = aWamid();
      const refusal = aRefusal("ingest(", sqlState);
      onTestFinished(refusal.end);
      await deliver(chat.phoneNumberId, aText({ from: chat.customer, body: "Kept", wamid }));
      expect(await spoolDepth()).toBe(1);
      refusal.end();
      await drain();
      expect(await messageOf(chat, wamid)).toMatchObject({ body: "Kept", seq: 2 });
    },
  );
});
