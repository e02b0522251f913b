import { useRef, useState } from "react";
import { Icon } from "../parts/icon.tsx";
import { Late, LatePart } from "../parts/late.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./composer.module.css";

const emojiPopover = new LatePart(() => import("./emoji-picker.tsx"));

/** Opens the emoji; the picker and its data are loaded then. */
export function EmojiButton({ onChoose }: { onChoose(emoji: string): void }) {
  const { emoji } = useStrings();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.emoji}
        aria-label={emoji.open}
        title={emoji.open}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="smile" />
      </button>
      {isOpen && (
        <Late
          part={emojiPopover}
          button={button}
          onClose={() => setOpen(false)}
          onChoose={(one) => {
            // First, so that what is open sees that the focus has gone on.
            onChoose(one);
            setOpen(false);
          }}
        />
      )}
    </>
  );
}
