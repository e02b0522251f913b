import { type Agent, anAgent } from "./agents.ts";
import { type Deliveries, startDeliveries } from "./deliveries.ts";
import { aText, makeTestChats, type TestChat } from "./events.ts";
import type { System } from "./system.ts";

export type Run = { deliveries: Deliveries; testChats: TestChat[]; admin: Agent };

/**
 * Creates every chat with a first message of its customer: one through the simulator, so that the chat accepts answers, and
 * one from the generator.
 */
export async function startRun(system: System): Promise<Run> {
  const deliveries = startDeliveries(system.url);
  const testChats = makeTestChats();
  for (const chat of testChats) await writeOnSimulator(system, chat);
  await Promise.all(testChats.map((chat) => deliveries.deliver([aText(chat)])));
  return { deliveries, testChats, admin: await anAgent(system.url, 1) };
}

/** The customer writes on the simulator's phone. */
export async function writeOnSimulator(
  { simulatorUrl }: System,
  { customer, phoneNumberId }: TestChat,
): Promise<void> {
  const url = `${simulatorUrl}/simulator/customers/${customer}/messages?phoneNumberId=${phoneNumberId}`;
  const response = await fetch(url, {
    method: "POST",
    body: JSON.stringify({ type: "text", text: { body: "From the phone of a customer" } }),
  });
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
}
