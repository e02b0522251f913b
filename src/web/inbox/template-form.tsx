import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import type { OpenTemplate, PreviewedTemplate, TemplateFormField } from "../../http/contract.ts";
import type { Outgoing } from "../models/outbox.ts";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import type { Strings } from "../strings/strings.ts";
import styles from "./template-dialog.module.css";
import { TemplatePreview } from "./template-preview.tsx";

const MEDIA = ["image", "video", "document"];
/** What a text field can hold; the rest is for programs. */
const FILLABLE = ["text", "suffix", "code", "coupon", "datetime", ...MEDIA];

/** `onSend` gets what `POST /send` takes, and the text as the customer will read it. */
export type TemplateTarget = { organizationPhoneId: number; onSend(content: Outgoing, shown: string): void };
type TemplateFormProps = TemplateTarget & { templateId: number };

/** A field for each variable of a template, with the message as the customer will see it. The server fills it in and checks it. */
export function TemplateForm({ organizationPhoneId, templateId, onSend }: TemplateFormProps) {
  const strings = useStrings();
  const { api } = useServices();
  const [values, setValues] = useState<Record<string, string>>({});
  const path = `/phones/${organizationPhoneId}/templates/${templateId}`;
  const id = useId();
  const { data: template } = useQuery({
    queryKey: ["template", path],
    queryFn: () => api.request<OpenTemplate>(path),
  });
  const filled = toValues(values, template?.form ?? []);
  const { data: previewed } = useQuery({
    queryKey: ["template-preview", path, filled],
    queryFn: () =>
      api.request<PreviewedTemplate>(`${path}/preview`, { method: "POST", json: { values: filled } }),
    enabled: template !== undefined,
    placeholderData: keepPreviousData,
  });
  if (!template) return <p className={styles.empty}>{strings.app.loading}</p>;

  const fields = template.form.filter(({ kind }) => FILLABLE.includes(kind));
  const isMissing = fields.some(({ key, required }) => required && (values[key] ?? "").trim() === "");
  const cannotFill = template.form.some(({ kind, required }) => required && !FILLABLE.includes(kind));
  const canSend = previewed !== undefined && previewed.errors.length === 0 && !isMissing && !cannotFill;
  const preview = previewed?.preview ?? template.preview;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!canSend) return;
    onSend({ organizationPhoneId, type: "template", template: previewed.template }, preview.body);
  };

  return (
    <form className={styles.form} onSubmit={submit}>
      <div className={styles.columns}>
        <div className={styles.fields}>
          {fields.map((field) => (
            <div key={field.key} className={styles.field}>
              <label htmlFor={`${id}${field.key}`}>
                {labelOf(field, strings)}
                {!field.required && <span className={styles.about}> · {strings.composer.optional}</span>}
              </label>
              <input
                id={`${id}${field.key}`}
                type={MEDIA.includes(field.kind) ? "url" : "text"}
                value={values[field.key] ?? ""}
                maxLength={field.maxLength ?? undefined}
                onChange={({ target }) => setValues({ ...values, [field.key]: target.value })}
                {...(field.example !== null && { placeholder: strings.composer.example(field.example) })}
                autoComplete="off"
              />
            </div>
          ))}
          {cannotFill && <Notice tone="warning">{strings.composer.unsupportedField}</Notice>}
          {!isMissing &&
            previewed?.errors.map(({ pointer, detail }) => (
              <Notice key={pointer} tone="danger" role="alert">
                {detail}
              </Notice>
            ))}
        </div>
        <section className={styles.preview} aria-label={strings.composer.preview}>
          <p className={styles.about}>{strings.composer.preview}</p>
          <TemplatePreview preview={preview} />
        </section>
      </div>
      <footer className={styles.footer}>
        <p className={styles.about}>{isMissing && strings.composer.fillAll}</p>
        <Button type="submit" look="primary" icon="send" disabled={!canSend}>
          {strings.composer.send}
        </Button>
      </footer>
    </form>
  );
}

function labelOf({ kind, where, variable, label }: TemplateFormField, strings: Strings): string {
  const part = strings.composer.part[where.part] ?? label;
  if (MEDIA.includes(kind)) return `${part}: ${strings.composer.mediaLink}`;
  return variable === null ? part : strings.composer.variable(part, variable);
}

/** What was typed, as the server takes it: a file by its address, and nothing for an empty field. */
function toValues(values: Record<string, string>, form: TemplateFormField[]) {
  const typed = form.filter(({ key }) => (values[key] ?? "").trim() !== "");
  return Object.fromEntries(
    typed.map(({ key, kind }) => {
      const text = (values[key] ?? "").trim();
      return [key, MEDIA.includes(kind) ? { link: text } : text];
    }),
  );
}
