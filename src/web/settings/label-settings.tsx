import { type FormEvent, useState } from "react";
import type { Label } from "../../domain/label.ts";
import { LabelChip } from "../inbox/label-chip.tsx";
import { useChangeLabel, useLabels } from "../inbox/use-labels.ts";
import { Button, IconButton } from "../parts/button.tsx";
import { NamedText } from "../parts/named-text.tsx";
import { Notice } from "../parts/notice.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import styles from "./label-settings.module.css";
import page from "./settings.module.css";

type Change = { label: Label; kind: "rename" | "delete" };

/** The organization's labels: every agent can rename and delete them. They are made where they are first put on a chat. */
export function LabelSettings() {
  const { labels: texts, app } = useStrings();
  const refusalOf = useRefusalText();
  const labels = useLabels();
  const { rename, remove } = useChangeLabel();
  const [change, setChange] = useState<Change | null>(null);
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const begin = (next: Change | null) => {
    setChange(next);
    setName(next?.label.name ?? "");
    setProblem(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!change) return;
    const done = change.kind === "delete" ? remove(change.label) : rename(change.label, name.trim());
    done.then(
      // By then the agent may be at another label.
      () => setChange((current) => (current === change ? null : current)),
      (error) => setProblem(refusalOf(error)),
    );
  };
  return (
    <section className={page.section} aria-label={texts.title}>
      <h2 className={page.heading}>{texts.title}</h2>
      <p className={page.hint}>{texts.lead}</p>
      {labels.length > 0 && (
        <ul className={styles.list}>
          {labels.map((label) => (
            <li key={label.id} className={styles.label}>
              {change?.label.id === label.id ? (
                <form
                  className={styles.form}
                  onSubmit={submit}
                  onKeyDown={({ key }) => key === "Escape" && begin(null)}
                >
                  {change.kind === "delete" ? (
                    <p className={styles.question}>
                      <NamedText names={[label.name]}>{texts.askDelete}</NamedText>
                    </p>
                  ) : (
                    <input
                      ref={(input) => input?.focus()}
                      aria-label={texts.name}
                      value={name}
                      maxLength={40}
                      autoComplete="off"
                      onChange={({ target }) => setName(target.value)}
                    />
                  )}
                  <Button
                    type="submit"
                    look={change.kind === "delete" ? "danger" : "primary"}
                    disabled={name.trim() === ""}
                  >
                    {change.kind === "delete" ? texts.remove : texts.rename}
                  </Button>
                  <Button look="quiet" onClick={() => begin(null)}>
                    {app.cancel}
                  </Button>
                </form>
              ) : (
                <>
                  <span className={styles.name}>
                    <LabelChip label={label} />
                  </span>
                  <Button
                    look="quiet"
                    aria-label={texts.renameOne(label.name)}
                    onClick={() => begin({ label, kind: "rename" })}
                  >
                    {texts.rename}
                  </Button>
                  <IconButton
                    icon="trash"
                    size={16}
                    label={texts.removeOne(label.name)}
                    onClick={() => begin({ label, kind: "delete" })}
                  />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {problem && (
        <Notice tone="danger" role="alert">
          {problem}
        </Notice>
      )}
    </section>
  );
}
