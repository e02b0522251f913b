/** One value that we put into a template. */
export type TemplateParameter = {
  /** `header`, `body`, `button`, …, in lower case. */
  component: string | null;
  /** Of a button: which one, from 0. Of a carousel: which card. */
  index: number | null;
  /** Of a named parameter. */
  name: string | null;
  /** `text`, `currency`, `image`, …. */
  type: string | null;
  /** What stands for it: its text, or what is shown where the value cannot be. */
  text: string | null;
};
