import { type FormEvent, useId, useRef, useState } from "react";
import { useLocation, useSearch } from "wouter";
import type { Chat } from "../../domain/chat.ts";
import { inboxAddress } from "../models/inbox-address.ts";
import type { Outgoing } from "../models/outbox.ts";
import { parsePhone } from "../models/phone-input.ts";
import { Button } from "../parts/button.tsx";
import { useIdempotencyKey, useIsMounted } from "../parts/hooks.ts";
import { Modal, ModalBody } from "../parts/modal.tsx";
import { Notice } from "../parts/notice.tsx";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import { useInbox } from "./inbox-context.tsx";
import styles from "./new-chat-dialog.module.css";
import { usePhoneNames } from "./phone-names.ts";
import TemplateDialog from "./template-dialog.tsx";

/** Writes to somebody who has not written: from which number, to whom, and with which template. A chat that exists is opened. */
export default function NewChatDialog({ onClose }: { onClose(): void }) {
  const { newChat } = useStrings();
  const refusalOf = useRefusalText();
  const { api } = useServices();
  const { list } = useInbox();
  const [, navigate] = useLocation();
  const search = useSearch();
  const phones = usePhoneNames();
  const [phoneId, setPhoneId] = useState<number | null>(null);
  const [text, setText] = useState("");
  const [to, setTo] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // The same again after a lost answer must not be a second message.
  const keyOf = useIdempotencyKey();
  const id = useId();
  const phone = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const isOpen = useIsMounted();
  const organizationPhoneId = phoneId ?? [...phones.keys()][0] ?? null;

  const open = (chatId: number) => {
    // Whoever has closed the dialog does something else by now.
    if (!isOpen.current) return;
    onClose();
    navigate(inboxAddress(search, chatId));
  };
  /** The list has only the chats that were loaded; the server knows the others. */
  const findChat = async (phone: string) => {
    const isIt = (chat: Chat) =>
      chat.contact.phone === phone && chat.organizationPhoneId === organizationPhoneId;
    return (
      list.find(isIt) ??
      (await api.request<{ chats: Chat[] }>(`/search?${new URLSearchParams({ q: phone })}`)).chats.find(isIt)
    );
  };
  const goOn = async (event: FormEvent) => {
    event.preventDefault();
    const digits = parsePhone(text);
    if (digits === null) return setProblem(newChat.notPhone);
    setProblem(null);
    setBusy(true);
    try {
      const known = await findChat(digits);
      if (known) open(known.id);
      else setTo(digits);
    } catch (error) {
      setProblem(refusalOf(error));
    }
    setBusy(false);
  };
  const send = async (template: Outgoing) => {
    const content = JSON.stringify({ ...template, to });
    try {
      const headers = { "idempotency-key": keyOf(content), prefer: "respond-async" };
      const json: unknown = JSON.parse(content);
      open((await api.request<{ chatId: number }>("/send", { method: "POST", headers, json })).chatId);
    } catch (error) {
      setTo(null);
      setProblem(refusalOf(error));
    }
  };

  if (to !== null && organizationPhoneId !== null)
    return (
      <TemplateDialog
        organizationPhoneId={organizationPhoneId}
        onSend={(content) => void send(content)}
        onClose={onClose}
      />
    );
  return (
    <Modal title={newChat.title} onClose={onClose} focus={phone}>
      <ModalBody>
        <form className={styles.form} onSubmit={(event) => void goOn(event)}>
          {phones.size > 1 && (
            <div className={styles.field}>
              <label htmlFor={`${id}number`}>{newChat.from}</label>
              <select
                id={`${id}number`}
                value={organizationPhoneId ?? ""}
                onChange={({ target }) => setPhoneId(Number(target.value))}
              >
                {[...phones].map(([value, name]) => (
                  <option key={value} value={value} dir="auto">
                    {name}
                  </option>
                ))}
              </select>
            </div>
          )}
          <div className={styles.field}>
            <label htmlFor={`${id}phone`}>{newChat.phone}</label>
            <input
              ref={phone}
              id={`${id}phone`}
              type="tel"
              value={text}
              placeholder="+49 151 1234 5678"
              autoComplete="off"
              aria-invalid={problem !== null}
              aria-describedby={`${id}hint`}
              onChange={({ target }) => setText(target.value)}
            />
            <p id={`${id}hint`} className={styles.hint}>
              {newChat.hint}
            </p>
          </div>
          {problem && (
            <Notice tone="danger" role="alert">
              {problem}
            </Notice>
          )}
          <Button type="submit" look="primary" icon="template" isBusy={isBusy} disabled={text.trim() === ""}>
            {newChat.next}
          </Button>
        </form>
      </ModalBody>
    </Modal>
  );
}
