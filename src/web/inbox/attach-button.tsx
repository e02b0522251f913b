import { Icon } from "../parts/icon.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./composer.module.css";

/** Chooses files to send. */
export function AttachButton({ onFiles }: { onFiles(files: File[]): void }) {
  const { composer } = useStrings();
  return (
    <label className={styles.attach} title={composer.attach}>
      <Icon name="attach" />
      <input
        type="file"
        className="covering-file-input"
        multiple
        aria-label={composer.attach}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          target.value = "";
        }}
      />
    </label>
  );
}
