import { inject } from "vitest";
import { aChat, type Ground } from "./build.ts";

const SIMULATOR = `${inject("graphUrl")}/simulator`;

/** A call to Graph as Meta's side remembers it, see src/local/simulator/ledger.ts. */
export type GraphCall = {
  path: string;
  body: Record<string, unknown>;
  authorization: string;
  accepted: string | null;
  answer: { status: number | null; code: number | null } | null;
};

/** All calls for a number, in the order in which they came. */
export async function graphCalls(phoneNumberId: string): Promise<GraphCall[]> {
  return (await control<{ data: GraphCall[] }>("GET", `/requests?phoneNumberId=${phoneNumberId}`)).data;
}

/** How many calls there were for an object of Meta's, reads included. */
export async function countCalls(id: string): Promise<number> {
  const { data } = await control<{ data: GraphCall[] }>("GET", "/requests");
  return data.filter(({ path }) => path.split("/").includes(id)).length;
}

/**
 * Has Graph misbehave, see src/local/simulator/faults.ts. Files run side by side: say `phoneNumberId` (or a `token` of
 * the test's own) and `times`.
 */
export async function misbehave(faults: Record<string, object | object[]>): Promise<void> {
  await control("POST", "/faults", faults);
}

/** Meta has seen this customer write to this number, just now: it takes free text for him. */
export async function writeToMeta(customer: string, phoneNumberId: string): Promise<void> {
  const text = { type: "text", text: { body: "Hello" } };
  await control("POST", `/customers/${customer}/messages?phoneNumberId=${phoneNumberId}`, text);
}

/** Meta's id of what this customer wrote last, as Meta knows it. */
export async function wamidAtMeta(customer: string): Promise<string> {
  const { data } = await control<{ data: { wamid: string }[] }>("GET", `/customers/${customer}/messages`);
  return data.at(-1)?.wamid ?? "";
}

/** Meta reviews a template that was made here, or does something else to it: see src/local/simulator/control-templates.ts. */
export async function reviewAtMeta(
  templateId: string | null,
  change: Record<string, unknown>,
): Promise<void> {
  await control("POST", `/templates/${templateId}`, change);
}

/** A chat in which the customer has just written, as Meta knows too. */
export async function aLiveChat(ground?: Ground): ReturnType<typeof aChat> {
  const chat = await aChat(ground);
  await writeToMeta(chat.customer, chat.phoneNumberId);
  return chat;
}

/** Puts a phone, an account, tokens or the app into a state: see src/local/simulator/control-accounts.ts. */
export async function changeAtMeta(path: string, change: object): Promise<void> {
  await control("PATCH", path, change);
}

async function control<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${SIMULATOR}${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status}: ${await answer.text()}`);
  return await answer.json<Answer>();
}
