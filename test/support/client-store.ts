import type { Resume } from "../../src/realtime/protocol.ts";
import { apply, type ClientState, type Get, loadBy } from "./client-state.ts";
import type { Frames } from "./frames.ts";

/** What a client can do with a person's token. */
type Reader = { get: Get; openTab: (chatId: number, query?: string) => Promise<Frames> };

/** A first load, by REST. What changes while it runs comes as events, of which some may be in it already. */
export async function load(person: Reader, chatId: number): Promise<ClientState> {
  return await loadBy(person.get, chatId);
}

export type Client = {
  state: () => ClientState;
  /** The events that came although the client had them. */
  doubled: number[];
  /** Opens a socket with what the client has; loads afresh if the room answers `reset`. */
  connect: () => Promise<Resume>;
  disconnect: () => Promise<void>;
  /** Says what it has, as a visible client does every 60 seconds. */
  sync: () => void;
  /** Takes events until that number is reached. */
  reach: (seq: number) => Promise<ClientState>;
  /** The code with which the other side closed. */
  closed: () => Promise<number>;
};

/** A client that has just loaded a chat and opened its socket. */
export async function aClient(person: Reader, chatId: number): Promise<Client> {
  let state = await load(person, chatId);
  let tab: Frames | null = null;
  const opened = () => {
    if (!tab) throw new Error("the client is not connected");
    return tab;
  };
  const client: Client = {
    state: () => state,
    doubled: [],
    connect: async () => {
      tab = await person.openTab(chatId, `?since=${state.seq}&epoch=${state.epoch}`);
      const hello = await tab.nextFrame();
      if (hello.type !== "hello" || !("resume" in hello)) throw new Error(`${hello.type} came before hello`);
      if (hello.resume === "reset") state = await load(person, chatId);
      return hello.resume;
    },
    disconnect: async () => {
      opened().close();
      await opened().closed;
      tab = null;
    },
    sync: () => opened().send({ type: "sync", seq: state.seq }),
    reach: async (seq) => {
      while (state.seq < seq) {
        const frame = await opened().nextFrame();
        if (frame.type !== "event") continue;
        if (frame.seq <= state.seq) client.doubled.push(frame.seq);
        state = apply(state, frame);
      }
      return state;
    },
    closed: () => opened().closed,
  };
  await client.connect();
  return client;
}
