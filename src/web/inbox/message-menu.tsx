import { Menu } from "@base-ui/react/menu";
import { type RefObject, useRef, useState } from "react";
import type { Message } from "../../domain/message.ts";
import { holdsFocus } from "../parts/holds-focus.ts";
import { Icon } from "../parts/icon.tsx";
import { Late, LatePart } from "../parts/late.tsx";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import bubble from "./message-bubble.module.css";
import styles from "./message-menu.module.css";

const tracePanel = new LatePart(() => import("./trace-panel.tsx"));

const EMOJI = ["👍", "👎", "❤️", "😂", "😮", "😢", "🙏"];

type MessageMenuProps = {
  message: Message;
  isOpen: boolean;
  onReply(): void;
  onOpenChange(isOpen: boolean): void;
  /** Why a reaction was not sent, in words; null when another one is tried. */
  onProblem(problem: string | null): void;
};

/** What can be done with a message: react, reply, copy its text, see what happened to it. */
export function MessageMenu({ message, isOpen, onReply, onOpenChange, onProblem }: MessageMenuProps) {
  const strings = useStrings();
  const [isTraced, setTraced] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const [isByKey, setByKey] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`${bubble.menuButton} ${styles.trigger}`}
        aria-label={strings.inbox.actions}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={(event) => {
          setByKey(event.detail === 0);
          onOpenChange(true);
        }}
      >
        <Icon name="more" size={18} />
      </button>
      {isOpen && (
        <OpenMenu
          {...{ message, button, isByKey, onReply, onOpenChange, onProblem }}
          onTrace={() => setTraced(true)}
        />
      )}
      {isTraced && <Late part={tracePanel} messageId={message.id} onClose={() => setTraced(false)} />}
    </>
  );
}

type OpenMenuProps = Omit<MessageMenuProps, "isOpen"> & {
  button: RefObject<HTMLButtonElement | null>;
  /** Opened by a key: the focus goes to the first item. */
  isByKey: boolean;
  onTrace(): void;
};

/** A closed menu would be most of what a bubble costs while the thread scrolls. */
function OpenMenu({ message, button, isByKey, onReply, onOpenChange, onProblem, onTrace }: OpenMenuProps) {
  const refusalOf = useRefusalText();
  const { api } = useServices();
  const strings = useStrings();
  const opensAtItem = useRef(isByKey);
  const popup = useRef<HTMLDivElement>(null);
  const isReplying = useRef(false);
  const { chatId, wamid } = message;
  const mine = message.reactions.find(({ fromMe }) => fromMe)?.emoji;

  const react = (emoji: string) => {
    onProblem(null);
    void api
      .request<{ organizationPhoneId: number }>(`/chats/${chatId}`)
      .then(({ organizationPhoneId }) =>
        api.request("/send", {
          method: "POST",
          headers: { "idempotency-key": crypto.randomUUID(), prefer: "respond-async" },
          json: { organizationPhoneId, chatId, type: "reaction", reaction: { message_id: wamid, emoji } },
        }),
      )
      .catch((error: unknown) => onProblem(refusalOf(error)));
  };

  return (
    <Menu.Root open onOpenChange={onOpenChange}>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="start" anchor={button}>
          <Menu.Popup
            ref={popup}
            className={styles.popup}
            aria-label={strings.inbox.actions}
            // Whoever replies goes on in the composer, and whoever pressed elsewhere there. At a click the menu takes the focus back.
            finalFocus={() => {
              if (isReplying.current) onReply();
              return holdsFocus(popup.current);
            }}
            onFocus={({ currentTarget }) => {
              const item = opensAtItem.current && currentTarget.querySelector<HTMLElement>("[role=menuitem]");
              opensAtItem.current = false;
              if (item) item.focus();
            }}
          >
            {wamid !== null && (
              <div className={styles.emoji}>
                {EMOJI.map((emoji) => (
                  <Menu.Item
                    key={emoji}
                    className={`${styles.emojiItem} ${emoji === mine ? styles.mine : ""}`}
                    aria-label={strings.inbox.react(emoji)}
                    onClick={() => react(emoji)}
                  >
                    {emoji}
                  </Menu.Item>
                ))}
              </div>
            )}
            {mine && wamid !== null && (
              <Menu.Item className={styles.item} onClick={() => react("")}>
                <Icon name="close" size={18} />
                {strings.inbox.removeReaction}
              </Menu.Item>
            )}
            {wamid !== null && (
              <Menu.Item
                className={styles.item}
                onClick={() => {
                  isReplying.current = true;
                }}
              >
                <Icon name="reply" size={18} />
                {strings.inbox.reply}
              </Menu.Item>
            )}
            <Menu.Item
              className={styles.item}
              onClick={() => void navigator.clipboard.writeText(message.body)}
            >
              <Icon name="copy" size={18} />
              {strings.inbox.copyText}
            </Menu.Item>
            <Menu.Item className={styles.item} onClick={onTrace}>
              <Icon name="clock" size={18} />
              {strings.inbox.trace}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
