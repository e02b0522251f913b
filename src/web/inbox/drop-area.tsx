import { type DragEvent, type ReactNode, useState } from "react";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./composer.module.css";

/** Files can be dropped on what is inside. */
export function DropArea({ onFiles, children }: { onFiles(files: File[]): void; children: ReactNode }) {
  const { composer } = useStrings();
  const [isDragging, setDragging] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button beside the text does the same.
    <div
      className={styles.composer}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={(event: DragEvent) => {
        event.preventDefault();
        setDragging(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {isDragging && <p className={styles.drop}>{composer.dropHere}</p>}
    </div>
  );
}
