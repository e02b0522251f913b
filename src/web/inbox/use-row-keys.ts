import type { KeyboardEvent, RefObject } from "react";

/** How many rows a page is. */
const PAGE_ROWS = 8;

type RowKeys = { focusRow(index: number): void; onKeyDown(event: KeyboardEvent): void };

/**
 * Moves the focus between the rows of a list, each an element with `data-index` that holds a link: ↑ ↓ Home End PageUp PageDown.
 * `reveal` brings a row into the page. `onAbove`: ↑ was pressed on the first row.
 */
export function useRowKeys(
  list: RefObject<HTMLElement | null>,
  count: number,
  reveal: (index: number) => void,
  onAbove?: () => void,
): RowKeys {
  const focusRow = (index: number) => {
    const to = Math.max(0, Math.min(count - 1, index));
    reveal(to);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-index="${to}"] a`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    const index = Number(row?.dataset.index ?? 0);
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: count - 1,
      PageDown: index + PAGE_ROWS,
      PageUp: index - PAGE_ROWS,
    };
    const to = moves[event.key];
    if (!row || to === undefined) return;
    event.preventDefault();
    if (event.key === "ArrowUp" && index === 0 && onAbove) onAbove();
    else focusRow(to);
  };
  return { focusRow, onKeyDown };
}
