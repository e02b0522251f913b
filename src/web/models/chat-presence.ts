import {
  type ChatClientFrame,
  type PresentAgent,
  TYPING_SHOWN_MS,
  VIEWING_SHOWN_MS,
  type Viewer,
} from "../../realtime/protocol.ts";
import { FadingAgents } from "./fading-agents.ts";
import { OwnTyping } from "./own-typing.ts";

/** Often enough that a sign which comes late does not make the agent vanish. */
const REPEAT_MS = 10_000;

export type ShownAgents = { viewers: readonly Viewer[] } | { typing: readonly Viewer[] };

/**
 * Who has a chat in view and who writes there, as its room says; and says so to the room of this tab. A tab in view repeats its sign
 * only while a colleague is there to see it, so that the room of a single agent can hibernate.
 */
export class ChatPresence {
  readonly #send: (frame: ChatClientFrame) => void;
  readonly #viewers: FadingAgents;
  readonly #typing: FadingAgents;
  #count = 0;
  #saidAtMs = 0;
  readonly #ownTyping = new OwnTyping();
  #repeat: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (frame: ChatClientFrame) => void, onChange: (shown: ShownAgents) => void) {
    this.#send = send;
    this.#viewers = new FadingAgents(VIEWING_SHOWN_MS, (viewers) => {
      this.#count = viewers.length;
      onChange({ viewers });
    });
    this.#typing = new FadingAgents(TYPING_SHOWN_MS, (typing) => onChange({ typing }));
  }

  /** A new connection knows nothing of this tab, nor of what was typed while there was none. */
  begin(): void {
    if (this.#ownTyping.isFresh()) this.#send({ type: "typing" });
    this.say();
  }

  /** Says whether the chat is in view. */
  say(): void {
    clearTimeout(this.#repeat);
    const visible = document.visibilityState === "visible";
    this.#saidAtMs = Date.now();
    this.#send({ type: "viewing", visible });
    if (visible) this.#repeat = setTimeout(this.#sayAgain, REPEAT_MS);
  }

  /** This agent types, or has sent or deleted what they typed. */
  sayTyping(isTyping: boolean): void {
    this.#ownTyping.set(isTyping);
    if (isTyping) this.#send({ type: "typing" });
  }

  present(agents: readonly PresentAgent[]): void {
    this.#viewers.replace(agents);
    // Somebody has come who may not see this agent any more.
    if (document.visibilityState === "visible" && Date.now() - this.#saidAtMs >= REPEAT_MS) this.say();
  }

  typing({ agentId, name }: Viewer): void {
    this.#typing.add({ agentId, name });
  }

  /** An agent has sent what they were writing; null: nobody of ours. */
  wrote(agentId: number | null): void {
    if (agentId !== null) this.#typing.remove(agentId);
  }

  /** The connection is lost: nobody knows who is there. */
  clear(): void {
    clearTimeout(this.#repeat);
    this.#viewers.clear();
    this.#typing.clear();
  }

  #sayAgain = (): void => {
    if (this.#count > 1) this.say();
  };
}
