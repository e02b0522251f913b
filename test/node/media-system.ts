import type { LedgerEntry } from "../../src/local/simulator/ledger.ts";
import { startSimulator } from "../../src/local/simulator/simulator.ts";
import { APP_SECRET } from "../support/bindings.ts";
import { breakableWorker } from "./breakable-worker.ts";
import { ownDatabase, PHONE_NUMBER_ID, type TestWorkerOptions } from "./own-system.ts";

export type FileRow = {
  id: number;
  state: string;
  problem: string | null;
  attempts: number;
  objectKey: string | null;
  sizeBytes: string | null;
};
type Sent = { messageId: number; chatId: number; body: string; file: FileRow };

/** A database, Meta, and the Worker between them, with failpoints; customers send files through it. */
export async function mediaSystem(options: TestWorkerOptions = {}) {
  const database = await ownDatabase();
  let ahead = 0;
  const simulator = await startSimulator({
    port: 0,
    appSecret: APP_SECRET,
    webhookUrl: null,
    phones: [
      {
        id: PHONE_NUMBER_ID,
        wabaId: "123456789012345",
        displayPhoneNumber: "+7 900 123-45-67",
        verifiedName: "Tested",
      },
    ],
    now: () => new Date(Date.now() + ahead),
  });
  const worker = await breakableWorker(database.databaseUrl, {
    ...options,
    vars: { GRAPH_BASE_URL: simulator.url, ...options.vars },
  });
  simulator.setWebhookUrl(`${worker.url}/webhook`);
  let customers = 0;
  const control = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${simulator.url}/simulator${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status}: ${await answer.text()}`);
    return answer.status === 204 ? null : await answer.json();
  };

  /** The file of the customer's newest message, once `until` holds for it. */
  const fileOf = async (phone: string, until: (file: FileRow) => boolean): Promise<Sent> => {
    for (;;) {
      const [row] = (await database.query(
        `select m.id as "messageId", m."chatId", m.body, to_json(f) as file from "Message" m
         join "Media" f on f.id = m."mediaId" join "Chat" c on c.id = m."chatId" join "Contact" k on k.id = c."contactId"
         where k.phone = '${phone}' order by m.id desc limit 1`,
      )) as Sent[];
      if (row && until(row.file)) return row;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  return {
    database,
    simulator,
    worker,
    fileOf,
    /** A customer sends a file, such as `{type: "image", image: {}}`; gives his phone. */
    customerSends: async (message: Record<string, unknown>): Promise<string> => {
      customers += 1;
      const phone = `7916300${String(customers).padStart(4, "0")}`;
      await control("POST", `/customers/${phone}/messages?phoneNumberId=${PHONE_NUMBER_ID}`, message);
      return phone;
    },
    misbehave: (faults: Record<string, object | object[]>) => control("PUT", "/faults", faults),
    heal: () => control("DELETE", "/faults"),
    requests: async () => ((await control("GET", "/requests")) as { data: LedgerEntry[] }).data,
    /** The next try of all that waits is due, and the schedule sees to it. */
    later: async () => {
      await database.query(
        `update "Media" set "nextAttemptAt" = now() where state in ('pending', 'retrying')`,
      );
      await worker.minute();
    },
    /** So much later it is at Meta. */
    timePasses: (ms: number) => {
      ahead += ms;
    },
    close: async () => {
      await worker.close();
      await simulator.close();
      await database.drop();
    },
  };
}
