import { Menu } from "@base-ui/react/menu";
import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import type { Chat } from "../../domain/chat.ts";
import { inboxAddress } from "../models/inbox-address.ts";
import { type Snooze, snoozesOn, snoozeUntil } from "../models/snooze.ts";
import { IconButton } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { NamedText } from "../parts/named-text.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useAgentName, useAgents, useMe } from "./agents.ts";
import styles from "./chat-actions.module.css";
import { useInbox, useShortcut } from "./inbox-context.tsx";
import menu from "./message-menu.module.css";
import { useChatChange } from "./use-chat-change.tsx";

/** Who has the chat, and what else can be done with it: close it, snooze it, mark it as unread. */
export function ChatActions({ chat, onDetails }: { chat: Chat; onDetails(): void }) {
  const { activity: texts, inbox } = useStrings();
  const { list } = useInbox();
  const [, navigate] = useLocation();
  const search = useSearch();
  const { problem, assign, setStatus, markUnread } = useChatChange(chat);
  const isOpen = chat.status === "open";

  const closeAndGoOn = async () => {
    const { chats } = list.view;
    const at = chats.findIndex(({ id }) => id === chat.id);
    const next = chats[at + 1] ?? chats[at - 1];
    const { pathname } = location;
    const isClosed = await setStatus("closed");
    // Whoever has gone on by then stays where they are.
    if (isClosed && location.pathname === pathname) navigate(inboxAddress(search, next?.id ?? null));
  };
  const leaveUnread = async () => {
    // Open in view it would be read again at once.
    navigate(inboxAddress(search, null));
    await markUnread();
  };
  useShortcut("take", () => void assign("me"));
  useShortcut("close", () => void closeAndGoOn());
  useShortcut("markUnread", () => void leaveUnread());

  const labels: Record<Snooze, string> = {
    hour: texts.snoozeHour,
    tomorrow: texts.snoozeTomorrow,
    monday: texts.snoozeMonday,
  };
  return (
    <>
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <AssigneeMenu chat={chat} onAssign={(to) => void assign(to)} />
      <IconButton
        className={styles.close}
        icon={isOpen ? "check" : "refresh"}
        label={isOpen ? texts.close : texts.reopen}
        onClick={() => void setStatus(isOpen ? "closed" : "open")}
      />
      <Menu.Root>
        <Menu.Trigger render={<IconButton data-details icon="more" label={texts.more} />} />
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="end">
            <Menu.Popup className={menu.popup}>
              <Menu.Item className={menu.item} onClick={onDetails}>
                <Icon name="info" size={18} />
                {inbox.details}
              </Menu.Item>
              <Menu.Item className={menu.item} onClick={() => void setStatus(isOpen ? "closed" : "open")}>
                <Icon name={isOpen ? "check" : "refresh"} size={18} />
                {isOpen ? texts.close : texts.reopen}
              </Menu.Item>
              <Menu.Item className={menu.item} onClick={() => void leaveUnread()}>
                <Icon name="inbox" size={18} />
                {texts.markUnread}
              </Menu.Item>
              {snoozesOn(new Date()).map((snooze) => (
                <Menu.Item
                  key={snooze}
                  className={menu.item}
                  onClick={() => void setStatus("snoozed", snoozeUntil(snooze, new Date()))}
                >
                  <Icon name="clock" size={18} />
                  {labels[snooze]}
                </Menu.Item>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </>
  );
}

type AssigneeMenuProps = { chat: Chat; onAssign(to: number | "me" | null): void };

function AssigneeMenu({ chat, onAssign }: AssigneeMenuProps) {
  const { activity: texts } = useStrings();
  const me = useMe()?.agent.id;
  const agents = useAgents();
  const name = useAgentName()(chat.assigneeId);
  const [isOpen, setOpen] = useState(false);
  useShortcut("assign", () => setOpen(true));
  const label = name === null ? texts.unassigned : texts.assignee(name);
  const others = agents.filter(({ id }) => id !== me && id !== chat.assigneeId);
  return (
    <Menu.Root open={isOpen} onOpenChange={setOpen}>
      <Menu.Trigger className={styles.assignee} aria-label={label} title={label}>
        <Icon name="user" size={16} />
        <bdi className={styles.name}>{name ?? texts.unassigned}</bdi>
        <Icon name="chevronDown" size={14} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end">
          <Menu.Popup className={menu.popup}>
            {chat.assigneeId !== me && (
              <Menu.Item className={menu.item} onClick={() => onAssign("me")}>
                <Icon name="check" size={18} />
                {texts.take}
              </Menu.Item>
            )}
            {others.map(({ id, name: other }) => (
              <Menu.Item key={id} className={menu.item} onClick={() => onAssign(id)}>
                <Icon name="user" size={18} />
                <span>
                  <NamedText names={[other]}>{texts.giveTo}</NamedText>
                </span>
              </Menu.Item>
            ))}
            {chat.assigneeId !== null && (
              <Menu.Item className={menu.item} onClick={() => onAssign(null)}>
                <Icon name="close" size={18} />
                {texts.release}
              </Menu.Item>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
