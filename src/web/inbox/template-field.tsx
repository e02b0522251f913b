import type { OpenTemplate, TemplateFormField } from "../../http/contract.ts";
import { useStrings } from "../parts/strings-context.tsx";
import type { Strings } from "../strings/strings.ts";
import styles from "./template-dialog.module.css";

type TemplateFieldProps = {
  id: string;
  field: TemplateFormField;
  label: string;
  value: string;
  onChange(value: string): void;
};

/** A text of a template: a variable, the end of a button's address, a code or a moment. */
export function TemplateField({ id, field, label, value, onChange }: TemplateFieldProps) {
  const { composer } = useStrings();
  const { kind, required, maxLength, example } = field;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>
        {label}
        {!required && <span className={styles.about}> · {composer.optional}</span>}
      </label>
      <input
        id={id}
        type={kind === "datetime" ? "datetime-local" : "text"}
        dir="auto"
        required={required}
        value={value}
        maxLength={maxLength ?? undefined}
        onChange={({ target }) => onChange(target.value)}
        {...(example !== null && { placeholder: composer.example(example) })}
        autoComplete="off"
      />
    </div>
  );
}

/** What a field is called: the part of the message that it belongs to, and which one of several. */
export function labelOf(field: TemplateFormField, { preview }: OpenTemplate, { composer }: Strings): string {
  const { kind, where, variable, label } = field;
  const part = composer.part[where.part] ?? label;
  const card = where.card === null ? "" : ` · ${composer.card(where.card + 1)}`;
  const buttons = where.card === null ? preview.buttons : (preview.cards[where.card]?.buttons ?? []);
  const button = buttons[where.button ?? -1]?.text ?? part;
  if (kind === "suffix") return composer.addressEnd(button) + card;
  if (composer.file[kind]) return `${part}: ${composer.file[kind]}${card}`;
  return (variable === null ? part : composer.variable(part, variable)) + card;
}
