import { useEffect, useRef, useState } from "react";
import { attachmentTypeOf, exceededLimit } from "../models/attachment.ts";
import { formatBytes, formatShare } from "../models/format.ts";
import { uploadFile } from "../models/upload.ts";
import { Icon } from "../parts/icon.tsx";
import { useServices } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import styles from "./template-dialog.module.css";

/** A file of a template's header: what Meta takes, and what the page shows of it. */
export type TemplateFile = { id: string; filename?: string; url: string };

const ACCEPTED: Record<string, string> = {
  image: "image/jpeg,image/png",
  video: "video/mp4,video/3gpp",
  document: ".pdf,.txt,.doc,.docx,.xls,.xlsx,.ppt,.pptx",
};

type TemplateFileFieldProps = {
  organizationPhoneId: number;
  kind: string;
  label: string;
  onChange(file: TemplateFile | null): void;
};

/** Chooses the picture, video or document of a header, and uploads it at once. */
export function TemplateFileField({ organizationPhoneId, kind, label, onChange }: TemplateFileFieldProps) {
  const { api } = useServices();
  const { language, strings } = useLanguage();
  const refusalOf = useRefusalText();
  const [name, setName] = useState<string | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const upload = useRef<AbortController | null>(null);
  useEffect(() => () => upload.current?.abort(), []);

  const problemOf = (file: File): string | null => {
    if (kind !== "document" && attachmentTypeOf(file.type) !== kind)
      return strings.composer.otherFile(file.name);
    const limit = exceededLimit(file);
    return limit === null ? null : strings.composer.tooLarge(file.name, formatBytes(limit, language));
  };
  const choose = async (file: File) => {
    upload.current?.abort();
    const controller = new AbortController();
    upload.current = controller;
    onChange(null);
    setName(file.name);
    setShare(null);
    const found = problemOf(file);
    setProblem(found);
    if (found !== null) return;
    setShare(0);
    try {
      const { signal } = controller;
      const { metaId } = await uploadFile(api, file, { organizationPhoneId, signal, onProgress: setShare });
      const url = URL.createObjectURL(file);
      onChange({ id: metaId, ...(kind === "document" && { filename: file.name }), url });
    } catch (error) {
      if (controller.signal.aborted) return;
      setProblem(`${strings.composer.uploadFailed(file.name)} ${refusalOf(error)}`);
    }
    setShare(null);
  };

  return (
    <div className={styles.field}>
      <span className={styles.fileLabel}>{label}</span>
      <label className={styles.file}>
        <Icon name={kind === "document" ? "file" : "attach"} size={18} />
        <bdi className={styles.fileName}>{name ?? strings.composer.chooseFile}</bdi>
        {share !== null && <span className={styles.about}>{formatShare(share, language)}</span>}
        <input
          type="file"
          className="covering-file-input"
          accept={ACCEPTED[kind]}
          aria-label={label}
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file) void choose(file);
            target.value = "";
          }}
        />
      </label>
      {problem && (
        <p className={styles.wrong} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
