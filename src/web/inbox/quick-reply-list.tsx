import { useQuery } from "@tanstack/react-query";
import type { QuickReply } from "../../domain/label.ts";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./quick-reply-list.module.css";

/** The organization's quick replies. */
export function useQuickReplies(): readonly QuickReply[] {
  const { api } = useServices();
  const { data } = useQuery({
    queryKey: ["quick-replies"],
    queryFn: () => api.request<{ data: QuickReply[] }>("/quick-replies?limit=100"),
    staleTime: 60_000,
  });
  return data?.data ?? [];
}

type QuickReplyListProps = {
  id: string;
  replies: readonly QuickReply[];
  /** The one that Enter inserts. */
  active: number;
  onChoose(reply: QuickReply): void;
};

/** Above the message field, which keeps the focus and names the active one. */
export function QuickReplyList({ id, replies, active, onChoose }: QuickReplyListProps) {
  const { quickReplies } = useStrings();
  if (replies.length === 0) return <p className={styles.none}>{quickReplies.none}</p>;
  return (
    <div className={styles.list} role="listbox" id={id} aria-label={quickReplies.title}>
      {replies.map((reply, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the message field has the focus, and its keys choose.
        // biome-ignore lint/a11y/useFocusableInteractive: as above.
        <div
          key={reply.id}
          id={`${id}${reply.id}`}
          role="option"
          aria-selected={i === active}
          className={styles.reply}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(reply)}
        >
          <span className={styles.shortcut}>/{reply.shortcut}</span>
          <span className={styles.text}>{reply.text}</span>
        </div>
      ))}
    </div>
  );
}
