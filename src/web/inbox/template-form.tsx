import { keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import type { OpenTemplate, PreviewedTemplate, TemplateFormField } from "../../http/contract.ts";
import type { Outgoing } from "../models/outbox.ts";
import { fieldOf, templateProblemText } from "../models/template-problem.ts";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useServices } from "../parts/services.tsx";
import { useLanguage, useStrings } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import styles from "./template-dialog.module.css";
import { labelOf, TemplateField } from "./template-field.tsx";
import { type TemplateFile, TemplateFileField } from "./template-file-field.tsx";
import { TemplatePreview } from "./template-preview.tsx";

const FILES = ["image", "video", "document"];
/** What an agent can type; the rest is for programs. */
const TYPED = ["text", "suffix", "code", "coupon", "datetime"];

/** `onSend` gets what `POST /send` takes, and the text as the customer will read it. */
export type TemplateTarget = { organizationPhoneId: number; onSend(content: Outgoing, shown: string): void };
type TemplateFormProps = TemplateTarget & { templateId: number };

/** A field for each variable of a template, with the message as the customer will see it. The server fills it in and checks it. */
export function TemplateForm({ organizationPhoneId, templateId, onSend }: TemplateFormProps) {
  const { language, strings } = useLanguage();
  const { api } = useServices();
  const queries = useQueryClient();
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [files, setFiles] = useFiles();
  const path = `/phones/${organizationPhoneId}/templates/${templateId}`;
  const id = useId();
  const {
    data: template,
    error,
    refetch,
  } = useQuery({
    queryKey: ["template", path],
    queryFn: () => api.request<OpenTemplate>(path),
  });
  const form = template?.form ?? [];
  const values = toValues(form, texts, files);
  const filled = queryOptions({
    queryKey: ["template-preview", path, values],
    queryFn: () => api.request<PreviewedTemplate>(`${path}/preview`, { method: "POST", json: { values } }),
  });
  const filledIn = useQuery({
    ...filled,
    enabled: template !== undefined,
    placeholderData: keepPreviousData,
  });
  const { data: previewed } = filledIn;
  const isSent = useRef(false);
  if (!template && error) return <Lost error={error} onRetry={refetch} />;
  if (!template) return <p className={styles.empty}>{strings.app.loading}</p>;

  const isMissing = form.some(({ key, required }) => required && values[key] === undefined);
  const cannotFill = form.some(({ kind, required }) => required && ![...TYPED, ...FILES].includes(kind));
  const canSend = previewed !== undefined && previewed.errors.length === 0 && !isMissing && !cannotFill;
  const preview = previewed?.preview ?? template.preview;
  const problemText = (problem: PreviewedTemplate["errors"][number], send: object) => {
    const field = fieldOf(problem, send, form);
    const name = field ? labelOf(field, template, strings) : template.name;
    return templateProblemText(problem, name, language);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!canSend || isSent.current) return;
    isSent.current = true;
    // What is shown may be a key behind. Without an answer the form says so.
    const now = await queries.ensureQueryData(filled).catch(() => null);
    isSent.current = now?.errors.length === 0;
    if (now && isSent.current)
      onSend({ organizationPhoneId, type: "template", template: now.template }, now.preview.body);
  };

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
      <div className={styles.columns}>
        <div className={styles.fields}>
          {form.map((field) => {
            const { key, kind } = field;
            const label = labelOf(field, template, strings);
            if (FILES.includes(kind))
              return (
                <TemplateFileField
                  key={key}
                  {...{ organizationPhoneId, kind, label }}
                  onChange={(file) => setFiles(key, file)}
                />
              );
            return (
              TYPED.includes(kind) && (
                <TemplateField
                  key={key}
                  id={id + key}
                  {...{ field, label }}
                  value={texts[key] ?? ""}
                  onChange={(text) => setTexts({ ...texts, [key]: text })}
                />
              )
            );
          })}
          {cannotFill && <Notice tone="warning">{strings.composer.unsupportedField}</Notice>}
          {!isMissing &&
            previewed?.errors.map((problem) => (
              <Notice key={problem.pointer} tone="danger" role="alert">
                {problemText(problem, previewed.template)}
              </Notice>
            ))}
          {filledIn.error && <Lost error={filledIn.error} onRetry={filledIn.refetch} />}
        </div>
        <section className={styles.preview} aria-label={strings.composer.preview}>
          <p className={styles.about}>{strings.composer.preview}</p>
          <TemplatePreview preview={preview} files={files} />
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

/** Instead of what the server did not give. */
function Lost({ error, onRetry }: { error: unknown; onRetry(): Promise<unknown> }) {
  const { app } = useStrings();
  const refusalOf = useRefusalText();
  return (
    <Notice tone="danger" role="alert">
      {refusalOf(error)}
      <Button icon="refresh" onClick={() => void onRetry()}>
        {app.retry}
      </Button>
    </Notice>
  );
}

/** The chosen files by the keys of their fields. Their local addresses end with the form. */
function useFiles() {
  const [files, setFiles] = useState<Record<string, TemplateFile>>({});
  const latest = useRef(files);
  latest.current = files;
  useEffect(() => () => Object.values(latest.current).forEach(release), []);
  const set = (key: string, file: TemplateFile | null) => {
    const { [key]: before, ...others } = latest.current;
    if (before) release(before);
    latest.current = file ? { ...others, [key]: file } : others;
    setFiles(latest.current);
  };
  return [files, set] as const;
}

function release({ url }: TemplateFile): void {
  URL.revokeObjectURL(url);
}

/** What was filled in, as the server takes it; nothing for an empty field. */
function toValues(
  form: readonly TemplateFormField[],
  texts: Record<string, string>,
  files: Record<string, TemplateFile>,
): Record<string, string | Omit<TemplateFile, "url">> {
  const values: Record<string, string | Omit<TemplateFile, "url">> = {};
  for (const { key, kind } of form) {
    const text = (texts[key] ?? "").trim();
    const { [key]: file } = files;
    if (file) {
      const { url: _, ...value } = file;
      values[key] = value;
    } else if (text !== "") {
      // The field gives the agent's own time.
      values[key] = kind === "datetime" ? new Date(text).toISOString() : text;
    }
  }
  return values;
}
