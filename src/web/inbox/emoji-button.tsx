import { Popover } from "@base-ui/react/popover";
import { lazy, Suspense, useState } from "react";
import { Icon } from "../parts/icon.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./composer.module.css";

const EmojiPicker = lazy(() => import("./emoji-picker.tsx"));

/** Opens the emoji; the picker and its data are loaded then. */
export function EmojiButton({ onChoose }: { onChoose(emoji: string): void }) {
  const { emoji } = useStrings();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className={styles.emoji} aria-label={emoji.open} title={emoji.open}>
        <Icon name="smile" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="top" align="end" sideOffset={8}>
          <Popover.Popup aria-label={emoji.open}>
            <Suspense>
              <EmojiPicker
                onClose={() => setOpen(false)}
                onChoose={(one) => {
                  setOpen(false);
                  onChoose(one);
                }}
              />
            </Suspense>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
