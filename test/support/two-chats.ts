import { as } from "./as.ts";
import { aCustomer, anOrganization } from "./build.ts";
import { aStatus, aWamid } from "./meta.ts";
import { anEdit, aReaction, aTextOf, chatsOf, ingestItems } from "./stored.ts";

const NOON = Date.parse("2026-05-01T12:00:00Z");

/** A time, by seconds since they began to write. */
export const at = (second: number) => new Date(NOON + second * 1000);

/** Two customers, each with a chat; what they say refers across, as it does when they are one person. */
export async function twoChats() {
  const ground = await anOrganization();
  const [from, other] = [aCustomer(), aCustomer()];
  const [first, second] = [aWamid(), aWamid()];
  await ingestItems(ground, aTextOf("One", { from, at: at(1), wamid: first, name: "Anna" }));
  await ingestItems(
    ground,
    aTextOf("Two", { from: other, at: at(2), wamid: second, replyTo: first, name: "Anna K." }),
    aReaction(first, "👍", { from: other, at: at(3) }),
    anEdit(second, "Two, corrected", { from, at: at(4) }),
    aTextOf("Ours", { to: other, at: at(5), wamid: `${second}.ours` }),
    aStatus(`${second}.ours`, "read", { at: at(6) }),
  );
  const [kept, merged] = await chatsOf(ground);
  if (!kept || !merged) throw new Error("there are not two chats");
  const anna = await as({ ...ground, role: "admin" });
  return { ground, kept, merged, anna, from, other, wamids: [first, second] as const };
}
