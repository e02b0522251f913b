import { Popover } from "@base-ui/react/popover";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type RefObject, useId, useRef, useState } from "react";
import { type EmojiGroups, searchEmoji } from "../models/emoji-search.ts";
import { holdsFocus } from "../parts/holds-focus.ts";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./emoji-picker.module.css";

const COLUMNS = 8;

type EmojiPickerProps = { onChoose(emoji: string): void; onClose(): void };

/** The emoji over the page, beside the button that opened them; it has the focus again once they are closed by a key. */
export default function EmojiPopover(props: EmojiPickerProps & { button: RefObject<HTMLElement | null> }) {
  const { button, onChoose, onClose } = props;
  const { emoji } = useStrings();
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Popover.Root
      open
      onOpenChange={(_, { event }) => {
        const target = event instanceof FocusEvent ? event.relatedTarget : event.target;
        // A press on the button is the button's: closed here, it would open them again.
        if (!(target instanceof Node && button.current?.contains(target))) onClose();
      }}
    >
      <Popover.Portal>
        <Popover.Positioner side="top" align="end" sideOffset={8} anchor={button}>
          <Popover.Popup
            ref={popup}
            aria-label={emoji.open}
            // What was pressed outside keeps the focus.
            finalFocus={() => (holdsFocus(popup.current) ? button.current : false)}
          >
            <EmojiPicker
              onChoose={onChoose}
              onClose={onClose}
              onLeave={() => {
                // From it the key goes on to its neighbours; the popup is at the end of the page.
                button.current?.focus();
                onClose();
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** All emoji in Unicode's groups, found by English and Russian words. ↑ ↓ ← → move, Escape closes, Tab leaves at either end. */
function EmojiPicker({ onChoose, onClose, onLeave }: EmojiPickerProps & { onLeave(): void }) {
  const { emoji: texts } = useStrings();
  const [query, setQuery] = useState("");
  const grid = useRef<HTMLDivElement>(null);
  const id = useId();
  const { data: groups = [] } = useQuery({
    queryKey: ["emoji"],
    queryFn: async () => (await (await fetch("/emoji.json")).json()) as EmojiGroups,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const found = query.trim() === "" ? null : searchEmoji(groups, query);
  const shown = found
    ? [{ label: texts.found(found.length), emoji: found }]
    : groups.map((group, i) => ({ label: texts.groups[i] ?? "", emoji: group.map(([one]) => one) }));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      return onClose();
    }
    const steps: Record<string, number> = {
      ArrowDown: COLUMNS,
      ArrowUp: -COLUMNS,
      ArrowRight: 1,
      ArrowLeft: -1,
    };
    const step = steps[event.key];
    const buttons = [...(grid.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const isInSearch = at < 0;
    if (event.key === "Tab" && isInSearch === event.shiftKey) return onLeave();
    if (event.key === "Enter" && isInSearch && found?.[0]) {
      event.preventDefault();
      return onChoose(found[0]);
    }
    if (step === undefined || (isInSearch && event.key !== "ArrowDown")) return;
    event.preventDefault();
    buttons[isInSearch ? 0 : Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are pressed on the controls inside.
    <div className={styles.picker} onKeyDown={onKeyDown}>
      <input
        type="search"
        className={styles.search}
        aria-label={texts.search}
        placeholder={texts.search}
        value={query}
        // The picker was opened to look for one.
        // biome-ignore lint/a11y/noAutofocus: focus follows the button that opened it.
        autoFocus
        onChange={({ target }) => setQuery(target.value)}
      />
      <p className="hidden-text" role="status">
        {found && texts.found(found.length)}
      </p>
      <div ref={grid} className={styles.groups}>
        {shown.map(({ label, emoji }, i) => (
          <section key={label} className={styles.group} aria-labelledby={`${id}${i}`}>
            <h3 id={`${id}${i}`} className={styles.label}>
              {label}
            </h3>
            <div className={styles.grid}>
              {emoji.map((one, j) => (
                <button
                  key={one}
                  type="button"
                  tabIndex={i === 0 && j === 0 ? 0 : -1}
                  className={styles.emoji}
                  onClick={() => onChoose(one)}
                >
                  {one}
                </button>
              ))}
            </div>
          </section>
        ))}
      </div>
    </div>
  );
}
