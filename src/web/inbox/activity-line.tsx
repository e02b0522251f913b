import type { Activity } from "../../domain/activity.ts";
import { formatDateTime, formatTime } from "../models/format.ts";
import { NamedText } from "../parts/named-text.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { useAgentName } from "./agents.ts";
import styles from "./thread.module.css";
import { useLabels } from "./use-labels.ts";

/** What an agent did with the chat, as a line between the messages. */
export function ActivityLine({ activity }: { activity: Activity }) {
  const { language, strings } = useLanguage();
  const nameOf = useAgentName();
  const { kind, agentId, assigneeId, snoozedUntil, labelId, createdAt } = activity;
  const label = useLabels().find(({ id }) => id === labelId)?.name ?? null;
  const texts = strings.activity;
  const by = nameOf(agentId) ?? texts.somebody;
  const to = nameOf(assigneeId) ?? texts.somebody;
  const textOf = (by: string, to: string, label: string | null) => {
    switch (kind) {
      case "assigned":
        if (assigneeId === null) return texts.released(by);
        return agentId === assigneeId || agentId === null ? texts.took(to) : texts.gave(by, to);
      case "closed":
        return agentId === null ? texts.closedItself : texts.closed(by);
      case "reopened":
        return agentId === null ? texts.reopenedByCustomer : texts.reopened(by);
      case "snoozed":
        return texts.snoozed(by, snoozedUntil ? formatDateTime(snoozedUntil, language) : "");
      case "woke":
        return texts.woke;
      case "labeled":
        return texts.labeled(by, label);
      case "unlabeled":
        return texts.unlabeled(by, label);
      default:
        return kind satisfies never;
    }
  };
  return (
    <p className={styles.activity}>
      <NamedText names={[by, to, label ?? ""]}>
        {(by, to, labelName) => textOf(by, to, label === null ? null : labelName)}
      </NamedText>{" "}
      <time dateTime={createdAt}>{formatTime(createdAt, language)}</time>
    </p>
  );
}
