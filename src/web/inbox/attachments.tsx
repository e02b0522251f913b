import { attachmentTypeOf } from "../models/attachment.ts";
import { formatBytes, formatShare } from "../models/format.ts";
import { IconButton } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import styles from "./attachments.module.css";
import { ComposerProblem } from "./composer-problem.tsx";
import type { Attachments as Files } from "./use-attachments.ts";

/** The files that go out with the next message, and how far the one that is being uploaded has come. */
export function Attachments({ attachments }: { attachments: Files }) {
  const { language, strings } = useLanguage();
  const { files, upload, problem, remove } = attachments;
  return (
    <>
      <ComposerProblem problem={problem} />
      {files.length > 0 && (
        <ul className={styles.files}>
          {files.map((file) => (
            <li key={`${file.name} ${file.lastModified} ${file.size}`} className={styles.file}>
              <Icon name={attachmentTypeOf(file.type) === "document" ? "file" : "attach"} size={18} />
              <bdi className={styles.name}>{file.name}</bdi>
              <span className={styles.size}>
                {upload?.file === file
                  ? formatShare(upload.share, language)
                  : formatBytes(file.size, language)}
              </span>
              <IconButton
                icon="close"
                size={16}
                label={
                  upload?.file === file
                    ? strings.composer.cancelUpload(file.name)
                    : strings.composer.removeFile(file.name)
                }
                onClick={() => remove(file)}
              />
              {upload?.file === file && (
                <progress
                  className={styles.progress}
                  aria-label={strings.composer.uploading(file.name)}
                  value={upload.share}
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
