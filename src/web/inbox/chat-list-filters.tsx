import { useId } from "react";
import { useLocation } from "wouter";
import type { ChatFilter } from "../models/chat-list.ts";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./chat-list-filters.module.css";
import { usePhoneNames } from "./phone-names.ts";

export function ChatListFilters({ filter }: { filter: ChatFilter }) {
  const strings = useStrings();
  const [path, navigate] = useLocation();
  const phones = usePhoneNames();
  const id = useId();
  const { statusAll, statusOpen, statusSnoozed, statusClosed } = strings.inbox;
  const statuses = { all: statusAll, open: statusOpen, snoozed: statusSnoozed, closed: statusClosed };

  const change = (next: Partial<ChatFilter>) => {
    const { status, organizationPhoneId, isUnreadOnly } = { ...filter, ...next };
    const query = new URLSearchParams();
    if (status !== "all") query.set("status", status);
    if (organizationPhoneId !== null) query.set("number", String(organizationPhoneId));
    if (isUnreadOnly) query.set("unread", "1");
    navigate(query.size > 0 ? `${path}?${query}` : path, { replace: true });
  };

  return (
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
              <option key={phoneId} value={phoneId}>
                {name}
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
  );
}
