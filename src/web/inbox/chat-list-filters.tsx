import { useId } from "react";
import { useLocation } from "wouter";
import { MOST_COUNTED } from "../../domain/chat.ts";
import { type ChatCounts, type ChatFilter, chatViews, MENTIONED } from "../models/chat-list.ts";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./chat-list-filters.module.css";
import { useShortcut } from "./inbox-context.tsx";
import { usePhoneNames } from "./phone-names.ts";
import { useLabels } from "./use-labels.ts";

const EVERYWHERE = { status: "all", organizationPhoneId: null, isUnreadOnly: false, labelId: null } as const;

export function ChatListFilters({ filter, counts }: { filter: ChatFilter; counts: ChatCounts | null }) {
  const strings = useStrings();
  const [path, navigate] = useLocation();
  const phones = usePhoneNames();
  const labels = useLabels();
  const id = useId();
  const { statusAll, statusOpen, statusSnoozed, statusClosed } = strings.inbox;
  const statuses = { open: statusOpen, snoozed: statusSnoozed, closed: statusClosed, all: statusAll };

  const change = (next: Partial<ChatFilter>) => {
    const { view, status, organizationPhoneId, isUnreadOnly, labelId } = { ...filter, ...next };
    const query = new URLSearchParams();
    if (view !== "all") query.set("view", view);
    if (status !== "open") query.set("status", status);
    if (organizationPhoneId !== null) query.set("number", String(organizationPhoneId));
    if (isUnreadOnly) query.set("unread", "1");
    if (labelId !== null) query.set("label", String(labelId));
    navigate(query.size > 0 ? `${path}?${query}` : path, { replace: true });
  };

  const mentioned = counts?.mentioned ?? 0;
  useShortcut("viewMine", () => change({ view: "mine" }));
  useShortcut("viewUnassigned", () => change({ view: "unassigned" }));
  useShortcut("viewAll", () => change({ view: "all" }));

  return (
    <>
      <fieldset className={styles.views} aria-label={strings.inbox.views}>
        {chatViews.map((view) => (
          <button
            key={view}
            type="button"
            className={styles.view}
            aria-pressed={filter.view === view}
            onClick={() => change({ view })}
          >
            {strings.inbox.view[view]}
            {counts && (
              <>
                {" "}
                <span className={`${styles.count} ${counts[view].unread > 0 ? styles.unread : ""}`}>
                  {formatCount(counts[view].chats)}
                </span>
              </>
            )}
          </button>
        ))}
        {(mentioned > 0 || filter.view === MENTIONED) && (
          <button
            type="button"
            className={styles.view}
            aria-pressed={filter.view === MENTIONED}
            aria-label={`${strings.note.mentions} ${formatCount(mentioned)}`}
            title={strings.note.mentions}
            // Wherever it is, and whatever became of the chat since.
            onClick={() => change({ ...EVERYWHERE, view: MENTIONED })}
          >
            @ <span className={`${styles.count} ${styles.unread}`}>{formatCount(mentioned)}</span>
          </button>
        )}
      </fieldset>
      <fieldset className={styles.filters} aria-label={strings.inbox.filters}>
        <label className="hidden-text" htmlFor={`${id}-status`}>
          {strings.inbox.status}
        </label>
        <select
          id={`${id}-status`}
          className={styles.select}
          value={filter.status}
          onChange={(event) => change({ status: event.target.value as ChatFilter["status"] })}
        >
          {Object.entries(statuses).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        {phones.size > 1 && (
          <>
            <label className="hidden-text" htmlFor={`${id}-number`}>
              {strings.inbox.number}
            </label>
            <select
              id={`${id}-number`}
              className={styles.select}
              value={filter.organizationPhoneId ?? ""}
              onChange={({ target }) =>
                change({ organizationPhoneId: target.value === "" ? null : Number(target.value) })
              }
            >
              <option value="">{strings.inbox.allNumbers}</option>
              {[...phones].map(([phoneId, name]) => (
                <option key={phoneId} value={phoneId} dir="auto">
                  {name}
                </option>
              ))}
            </select>
          </>
        )}
        {labels.length > 0 && (
          <>
            <label className="hidden-text" htmlFor={`${id}-label`}>
              {strings.labels.filter}
            </label>
            <select
              id={`${id}-label`}
              className={styles.select}
              value={filter.labelId ?? ""}
              onChange={({ target }) =>
                change({ labelId: target.value === "" ? null : Number(target.value) })
              }
            >
              <option value="">{strings.labels.any}</option>
              {labels.map((label) => (
                <option key={label.id} value={label.id} dir="auto">
                  {label.name}
                </option>
              ))}
            </select>
          </>
        )}
        <button
          type="button"
          className={styles.toggle}
          aria-pressed={filter.isUnreadOnly}
          onClick={() => change({ isUnreadOnly: !filter.isUnreadOnly })}
        >
          {strings.inbox.unreadOnly}
        </button>
      </fieldset>
    </>
  );
}

/** The server counts to a limit, which then stands for as many or more. */
function formatCount(count: number): string {
  return count >= MOST_COUNTED ? `${MOST_COUNTED - 1}+` : String(count);
}
