import type { Viewer } from "../../realtime/protocol.ts";

const SHOWN_MS = 6_000;

/** The colleagues who are writing: each for six seconds from their last sign. */
export class TypingAgents {
  readonly #onChange: (agents: readonly Viewer[]) => void;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #agents: readonly Viewer[] = [];

  constructor(onChange: (agents: readonly Viewer[]) => void) {
    this.#onChange = onChange;
  }

  add(agent: Viewer): void {
    clearTimeout(this.#timers.get(agent.agentId));
    this.#set([...this.#without(agent), agent]);
    const hide = () => this.#set(this.#without(agent));
    this.#timers.set(agent.agentId, setTimeout(hide, SHOWN_MS));
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    if (this.#agents.length > 0) this.#set([]);
  }

  #without({ agentId }: Viewer): readonly Viewer[] {
    return this.#agents.filter((other) => other.agentId !== agentId);
  }

  #set(agents: readonly Viewer[]): void {
    this.#agents = agents;
    this.#onChange(agents);
  }
}
