import { defaultRangeExtractor, type Range } from "@tanstack/react-virtual";
import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from "react";

/** How many rows a page is. */
const PAGE_ROWS = 8;

type Key = string | number;

type RowList = {
  list: RefObject<HTMLElement | null>;
  /** What the rows are known by, in their order. */
  keys: readonly Key[];
  /** The row whose chat is open; -1: none. */
  openIndex: number;
  /** Scrolls to a row. */
  reveal(index: number): void;
  /** ↑ was pressed on the first row. */
  onAbove?(): void;
};

type RowKeys = {
  /** The one row in the tab order: the last that had the focus since the open chat was opened, or that chat's own, or the first. */
  stop: number;
  focusRow(index: number): void;
  onFocus(event: FocusEvent): void;
  onBlur(): void;
  onKeyDown(event: KeyboardEvent): void;
};

/**
 * Moves the focus between the rows of a list, each an element with `data-index` that holds a link: ↑ ↓ Home End PageUp PageDown. The
 * focus of a row that goes away passes to the one in its place.
 */
export function useRowKeys({ list, keys, openIndex, reveal, onAbove }: RowList): RowKeys {
  const open = keys[openIndex];
  const [focused, setFocused] = useState<{ key: Key | undefined; open: Key | undefined } | null>(null);
  const at = focused?.key !== undefined ? keys.indexOf(focused.key) : -1;
  const hasFocus = useRef(false);
  // Where the row is that had the focus last, or was before it went away.
  const place = useRef(0);
  if (at >= 0) place.current = at;
  const isGone = hasFocus.current && at < 0;
  const own = at >= 0 && focused?.open === open ? at : Math.max(0, openIndex);
  const stop = isGone ? Math.max(0, Math.min(place.current, keys.length - 1)) : own;

  const wanted = useRef<Key | undefined>(undefined);
  const focusRow = (index: number) => {
    const to = Math.max(0, Math.min(keys.length - 1, index));
    wanted.current = keys[to];
    setFocused({ key: keys[to], open });
    reveal(to);
  };
  // As the row in the tab order it is in the page by now.
  useLayoutEffect(() => {
    const isLost = hasFocus.current && document.activeElement === document.body;
    if (wanted.current === undefined && !isLost) return;
    const index = wanted.current === undefined ? stop : keys.indexOf(wanted.current);
    wanted.current = undefined;
    list.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`)?.focus({ preventScroll: isLost });
  });

  const onFocus = ({ target }: FocusEvent) => {
    const row = target.closest<HTMLElement>("[data-index]");
    if (!row) return;
    hasFocus.current = true;
    setFocused({ key: keys[Number(row.dataset.index)], open });
  };
  const onBlur = () => {
    hasFocus.current = false;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    const index = Number(row?.dataset.index ?? 0);
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: keys.length - 1,
      PageDown: index + PAGE_ROWS,
      PageUp: index - PAGE_ROWS,
    };
    const to = moves[event.key];
    if (!row || to === undefined) return;
    event.preventDefault();
    if (event.key === "ArrowUp" && index === 0 && onAbove) onAbove();
    else focusRow(to);
  };
  return { stop, focusRow, onFocus, onBlur, onKeyDown };
}

/** The rows of a long list to have in the page: those around what is in view, and one more, where that is elsewhere. */
export function rangeWith(range: Range, index: number): number[] {
  const rows = defaultRangeExtractor(range);
  const isElsewhere = index >= 0 && index < range.count && !rows.includes(index);
  return isElsewhere ? [...rows, index].sort((a, b) => a - b) : rows;
}
