import { KeysTable } from "../parts/keys-table.tsx";
import { Modal, ModalBody } from "../parts/modal.tsx";
import { useStrings } from "../parts/strings-context.tsx";

/** Under `?`: which key does what. */
export default function KeysDialog({ onClose }: { onClose(): void }) {
  const { keys } = useStrings();
  return (
    <Modal title={keys.title} onClose={onClose}>
      <ModalBody>
        <p>{keys.hint}</p>
        <KeysTable />
      </ModalBody>
    </Modal>
  );
}
