import { KeysTable } from "../parts/keys-table.tsx";
import { Modal, ModalBody } from "../parts/modal.tsx";
import { useKeysStrings } from "../parts/use-keys-strings.ts";

/** Under `?`: which key does what. */
export default function KeysDialog({ onClose }: { onClose(): void }) {
  const keys = useKeysStrings();
  return (
    <Modal title={keys.title} onClose={onClose}>
      <ModalBody>
        <p>{keys.hint}</p>
        <KeysTable />
      </ModalBody>
    </Modal>
  );
}
