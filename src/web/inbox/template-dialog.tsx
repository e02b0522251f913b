import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { TemplateRow } from "../../http/contract.ts";
import { Button } from "../parts/button.tsx";
import { Modal } from "../parts/modal.tsx";
import { useServices, useSignIn } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./template-dialog.module.css";
import { TemplateForm, type TemplateTarget } from "./template-form.tsx";

type TemplatePage = { data: TemplateRow[]; nextCursor: string | null };

type TemplateDialogProps = TemplateTarget & { onClose(): void };

/** Chooses one of Meta's templates, fills it in and sends it. Only approved ones can be chosen; of the others the state is shown. */
export default function TemplateDialog({ organizationPhoneId, onSend, onClose }: TemplateDialogProps) {
  const strings = useStrings();
  const { api } = useServices();
  const { session } = useSignIn();
  const [search, setSearch] = useState("");
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
  const found = (data ?? []).filter(({ name, language }) =>
    `${name} ${language}`.toLowerCase().includes(search.trim().toLowerCase()),
  );

  return (
    <Modal
      title={chosen ? chosen.name : strings.composer.templates}
      onClose={onClose}
      onBack={chosen ? () => setChosen(null) : undefined}
    >
      {chosen ? (
        <TemplateForm key={chosen.id} {...{ organizationPhoneId, onSend }} templateId={chosen.id} />
      ) : (
        <>
          <div className={styles.search}>
            <input
              type="search"
              aria-label={strings.composer.searchTemplates}
              placeholder={strings.composer.searchTemplates}
              value={search}
              onChange={({ target }) => setSearch(target.value)}
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
                  <span className={styles.about}>
                    {[template.language, template.category?.toLowerCase()].filter(Boolean).join(" · ")}
                    {template.status !== "APPROVED" &&
                      ` · ${strings.composer.notApproved(template.reason ?? template.status)}`}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {error && (
            <div className={styles.empty}>
              <p role="alert">{strings.inbox.loadFailed}</p>
              <Button icon="refresh" onClick={() => void refetch()}>
                {strings.app.retry}
              </Button>
            </div>
          )}
          {data && found.length === 0 && (
            <div className={styles.empty}>
              <p>{data.length === 0 ? strings.composer.noTemplates : strings.composer.noTemplateFound}</p>
              {data.length === 0 && session?.role !== "agent" && (
                <Button icon="refresh" isBusy={sync.isPending} onClick={() => sync.mutate()}>
                  {strings.composer.syncTemplates}
                </Button>
              )}
              {sync.error && <p role="alert">{sync.error.message}</p>}
            </div>
          )}
        </>
      )}
    </Modal>
  );
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
