import { isText } from "../models/key-commands.ts";

/** Whether a form has the focus, or nothing has: the button that was pressed loses it while it is busy. */
export function holdsFocus(form: HTMLElement | null): boolean {
  const { activeElement, body } = document;
  return activeElement === body || form?.contains(activeElement) === true;
}

/** Whether the keyboard writes a text, or chooses, in some field of the page. */
export function isFieldFocused(): boolean {
  return isText(document.activeElement);
}
