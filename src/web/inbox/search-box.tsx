import { type KeyboardEvent, type RefObject, useRef } from "react";
import { IconButton } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useShortcut } from "./inbox-context.tsx";
import styles from "./search-box.module.css";

/** As many as the server takes. */
const QUERY_CHARS = 200;

type SearchBoxProps = {
  text: string;
  onText(text: string): void;
  /** Where what was found begins. */
  results: RefObject<HTMLElement | null>;
};

/** What to look for. Esc empties it; ↓ and Enter go to what was found, once that is for this text. */
export function SearchBox({ text, onText, results }: SearchBoxProps) {
  const { search } = useStrings();
  const input = useRef<HTMLInputElement>(null);
  useShortcut("search", () => {
    input.current?.focus();
    input.current?.select();
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (text === "") input.current?.blur();
      else onText("");
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      const isBusy = results.current?.querySelector(':scope > [aria-busy="true"]');
      if (!isBusy) results.current?.querySelector<HTMLElement>("[data-index] a")?.focus();
    }
  };
  return (
    <search className={styles.box}>
      <Icon name="search" size={18} />
      <input
        ref={input}
        type="search"
        data-search
        className={styles.input}
        aria-label={search.label}
        placeholder={search.placeholder}
        value={text}
        maxLength={QUERY_CHARS}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        onChange={({ target }) => onText(target.value)}
        onKeyDown={onKeyDown}
      />
      {text !== "" && (
        <IconButton
          className={styles.clear}
          icon="close"
          size={18}
          label={search.clear}
          onClick={() => {
            onText("");
            input.current?.focus();
          }}
        />
      )}
    </search>
  );
}
