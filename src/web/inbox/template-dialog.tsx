import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { TemplateRow } from "../../http/contract.ts";
import { formatLanguage } from "../models/format.ts";
import { refusalText } from "../models/refusal.ts";
import { bodyOf, findTemplates } from "../models/template-search.ts";
import { Button } from "../parts/button.tsx";
import { useMediaQuery } from "../parts/hooks.ts";
import { Modal } from "../parts/modal.tsx";
import { useServices, useSignIn } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import type { Strings } from "../strings/strings.ts";
import styles from "./template-dialog.module.css";
import { TemplateForm, type TemplateTarget } from "./template-form.tsx";

type TemplatePage = { data: TemplateRow[]; nextCursor: string | null };

type TemplateDialogProps = TemplateTarget & { onClose(): void };

/** Chooses one of Meta's templates, fills it in and sends it. Only approved ones can be chosen; of the others the state is shown. */
export default function TemplateDialog({ organizationPhoneId, onSend, onClose }: TemplateDialogProps) {
  const { language, strings } = useLanguage();
  const { api } = useServices();
  const { session } = useSignIn();
  const [search, setSearch] = useState("");
  const [only, setOnly] = useState({ language: "", category: "" });
  const [chosen, setChosen] = useState<TemplateRow | null>(null);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: ["templates", organizationPhoneId],
    queryFn: () =>
      allTemplates((cursor) => api.request(`/phones/${organizationPhoneId}/templates?limit=100${cursor}`)),
  });
  const sync = useMutation({
    mutationFn: () => api.request(`/phones/${organizationPhoneId}/templates/sync`, { method: "POST" }),
    onSuccess: () => refetch(),
  });
  const isAdmin = session?.role !== "agent";
  const box = useRef<HTMLInputElement>(null);
  // On a phone the keyboard would cover the list.
  const focus = useMediaQuery("(pointer: fine)") ? box : undefined;
  const { mutate: load, isIdle } = sync;
  useEffect(() => {
    // A number that was just connected: nobody has read its templates yet.
    if (data?.length === 0 && isAdmin && isIdle) load();
  }, [data, isAdmin, isIdle, load]);
  const found = findTemplates(data ?? [], { search, ...only });

  return (
    <Modal
      title={chosen ? chosen.name : strings.composer.templates}
      onClose={onClose}
      onBack={chosen ? () => setChosen(null) : undefined}
      focus={focus}
    >
      {chosen ? (
        <TemplateForm key={chosen.id} {...{ organizationPhoneId, onSend }} templateId={chosen.id} />
      ) : (
        <>
          <div className={styles.search}>
            <input
              ref={box}
              type="search"
              aria-label={strings.composer.searchTemplates}
              placeholder={strings.composer.searchTemplates}
              value={search}
              onChange={({ target }) => setSearch(target.value)}
            />
            <Filter
              label={strings.composer.templateLanguage}
              all={strings.composer.anyLanguage}
              values={(data ?? []).map((template) => template.language)}
              labelOf={(tag) => formatLanguage(tag, language)}
              value={only.language}
              onChange={(value) => setOnly({ ...only, language: value })}
            />
            <Filter
              label={strings.composer.templateCategory}
              all={strings.composer.anyCategory}
              values={(data ?? []).flatMap(({ category }) => category ?? [])}
              labelOf={(category) => strings.composer.category[category] ?? category}
              value={only.category}
              onChange={(value) => setOnly({ ...only, category: value })}
            />
          </div>
          <ul className={styles.list} aria-busy={isLoading}>
            {found.map((template) => (
              <li key={template.id}>
                <button
                  type="button"
                  className={styles.template}
                  disabled={template.status !== "APPROVED"}
                  onClick={() => setChosen(template)}
                >
                  <span className={styles.name}>{template.name}</span>
                  <span className={styles.says} dir="auto">
                    {bodyOf(template)}
                  </span>
                  <span className={styles.about}>
                    {[
                      formatLanguage(template.language, language),
                      strings.composer.category[template.category ?? ""] ?? template.category,
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                    {template.status !== "APPROVED" &&
                      ` · ${strings.composer.notApproved(whyNot(template, strings))}`}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {error && (
            <div className={styles.empty}>
              <p role="alert">{`${strings.inbox.loadFailed}. ${refusalText(error, language)}`}</p>
              <Button icon="refresh" onClick={() => void refetch()}>
                {strings.app.retry}
              </Button>
            </div>
          )}
          {data && found.length === 0 && (
            <div className={styles.empty}>
              <p>{data.length === 0 ? strings.composer.noTemplates : strings.composer.noTemplateFound}</p>
              {data.length === 0 && !isAdmin && <p>{strings.composer.askAdminForTemplates}</p>}
              {data.length === 0 && isAdmin && (
                <Button icon="refresh" isBusy={sync.isPending} onClick={() => sync.mutate()}>
                  {strings.composer.syncTemplates}
                </Button>
              )}
              {sync.error && <p role="alert">{refusalText(sync.error, language)}</p>}
            </div>
          )}
        </>
      )}
    </Modal>
  );
}

type FilterProps = {
  label: string;
  all: string;
  values: string[];
  labelOf(value: string): string;
  value: string;
  onChange(value: string): void;
};

/** Only where there is something to choose. */
function Filter({ label, all, values, labelOf, value, onChange }: FilterProps) {
  const options = [...new Set(values)].sort();
  if (options.length < 2) return null;
  return (
    <select aria-label={label} value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{all}</option>
      {options.map((one) => (
        <option key={one} value={one}>
          {labelOf(one)}
        </option>
      ))}
    </select>
  );
}

/** Why a template cannot be sent: its state in words, and Meta's reason where there is one. */
function whyNot({ status, reason }: TemplateRow, { composer }: Strings): string {
  const state = composer.templateStatus[status] ?? status;
  return reason === null ? state : `${state} (${reason})`;
}

async function allTemplates(read: (cursor: string) => Promise<TemplatePage>): Promise<TemplateRow[]> {
  const rows: TemplateRow[] = [];
  let cursor = "";
  do {
    const page = await read(cursor);
    rows.push(...page.data);
    cursor = page.nextCursor === null ? "" : `&cursor=${encodeURIComponent(page.nextCursor)}`;
  } while (cursor !== "");
  // Those that can be sent come first.
  return rows.sort((a, b) => Number(b.status === "APPROVED") - Number(a.status === "APPROVED"));
}
