import type { PresentAgent, Viewer } from "../../realtime/protocol.ts";

/** Colleagues who do something, in the order in which they began: each for a while from their last sign. */
export class FadingAgents {
  readonly #shownMs: number;
  readonly #onChange: (agents: readonly Viewer[]) => void;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #agents: readonly Viewer[] = [];

  constructor(shownMs: number, onChange: (agents: readonly Viewer[]) => void) {
    this.#shownMs = shownMs;
    this.#onChange = onChange;
  }

  /** A sign of an agent, given `ageMs` ago. */
  add({ agentId, name }: Viewer, ageMs = 0): void {
    if (ageMs >= this.#shownMs) return;
    clearTimeout(this.#timers.get(agentId));
    this.#timers.set(
      agentId,
      setTimeout(() => this.remove(agentId), this.#shownMs - ageMs),
    );
    if (!this.#agents.some((agent) => agent.agentId === agentId))
      this.#set([...this.#agents, { agentId, name }]);
  }

  /** All who do it now: whoever is not among them has stopped. */
  replace(agents: readonly PresentAgent[]): void {
    const isNamed = ({ agentId }: Viewer) => agents.some((agent) => agent.agentId === agentId);
    for (const agent of this.#agents) if (!isNamed(agent)) this.remove(agent.agentId);
    for (const agent of agents) this.add(agent, agent.ageMs);
  }

  remove(agentId: number): void {
    clearTimeout(this.#timers.get(agentId));
    if (this.#timers.delete(agentId)) this.#set(this.#agents.filter((agent) => agent.agentId !== agentId));
  }

  clear(): void {
    this.replace([]);
  }

  #set(agents: readonly Viewer[]): void {
    this.#agents = agents;
    this.#onChange(agents);
  }
}
