import { type ReactNode, useState } from "react";
import type { Chat } from "../../domain/chat.ts";
import { ApiError } from "../models/api.ts";
import { NamedText } from "../parts/named-text.tsx";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import { useInbox } from "./inbox-context.tsx";

type Change = {
  /** Why the last change was refused, in words. */
  problem: ReactNode;
  /** Assigns the chat as it is seen here: somebody who was faster wins, and is named. Null: to nobody. */
  assign(to: number | "me" | null): Promise<unknown>;
  /** False when it was refused. */
  setStatus(status: Chat["status"], snoozedUntil?: Date): Promise<boolean>;
  markUnread(): Promise<unknown>;
  /** Puts a label on, or takes it off. */
  setLabel(labelId: number, isOn: boolean): Promise<unknown>;
};

/** What can be done with a chat besides answering it. Every page gets the change by the chat's row. */
export function useChatChange({ id, assigneeId }: Chat): Change {
  const { api } = useServices();
  const { list } = useInbox();
  const strings = useStrings();
  const refusalOf = useRefusalText();
  const [problem, setProblem] = useState<ReactNode>(null);
  const change = async (path: string, method: "PATCH" | "POST" | "PUT" | "DELETE", json?: object) => {
    setProblem(null);
    try {
      list.apply(await api.request<Chat>(`/chats/${id}${path}`, { method, json }));
      return true;
    } catch (error) {
      setProblem(reasonOf(error));
      return false;
    }
  };
  const reasonOf = (error: unknown): ReactNode => {
    const assignee = error instanceof ApiError && error.status === 412 ? error.problem?.assignee : undefined;
    if (assignee === null) return strings.activity.nobodyHasIt;
    if (assignee) return <NamedText names={[assignee.name]}>{strings.activity.hasIt}</NamedText>;
    return refusalOf(error);
  };
  return {
    problem,
    assign: (to) => change("", "PATCH", { assigneeId: to, ifAssigneeId: assigneeId }),
    setStatus: (status, until) =>
      change("", "PATCH", { status, ...(until && { snoozedUntil: until.toISOString() }) }),
    markUnread: () => change("/unread", "POST"),
    setLabel: (labelId, isOn) => change(`/labels/${labelId}`, isOn ? "PUT" : "DELETE"),
  };
}
