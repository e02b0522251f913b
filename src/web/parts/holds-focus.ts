/** Whether a form has the focus, or nothing has: the button that was pressed loses it while it is busy. */
export function holdsFocus(form: HTMLElement | null): boolean {
  const { activeElement, body } = document;
  return activeElement === body || form?.contains(activeElement) === true;
}
