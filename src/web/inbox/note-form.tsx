import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import { mentionsIn } from "../models/mentions.ts";
import { ENTER_BREAKS, isOn } from "../models/preferences.ts";
import { isSendKey } from "../models/send-key.ts";
import { Button } from "../parts/button.tsx";
import { holdsFocus } from "../parts/holds-focus.ts";
import { useIdempotencyKey, useIsMounted } from "../parts/hooks.ts";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import { useAgents } from "./agents.ts";
import styles from "./note-form.module.css";

/**
 * Writes a note about the chat: colleagues read it, the customer never does. `@Anna` mentions her. `onDone`: whether the form had
 * the focus until then.
 */
export function NoteForm({ chatId, onDone }: { chatId: number; onDone(hadFocus: boolean): void }) {
  const { note, app } = useStrings();
  const refusalOf = useRefusalText();
  const { api, store } = useServices();
  const agents = useAgents();
  const [text, setText] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  // The same note again after a lost answer is one note.
  const keyOf = useIdempotencyKey();
  const form = useRef<HTMLFormElement>(null);
  const isOpen = useIsMounted();
  const done = () => onDone(holdsFocus(form.current));

  const save = async () => {
    const body = text.trim();
    if (body === "" || isBusy) return;
    setBusy(true);
    setProblem(null);
    const mentions = mentionsIn(body, agents);
    try {
      const headers = { "idempotency-key": keyOf(body) };
      await api.request(`/chats/${chatId}/notes`, { method: "POST", json: { body, mentions }, headers });
      // It may have been closed meanwhile, and another one opened.
      if (isOpen.current) done();
    } catch (error) {
      setProblem(refusalOf(error));
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") return done();
    if (!isSendKey(event.nativeEvent, isOn(store, ENTER_BREAKS))) return;
    event.preventDefault();
    void save();
  };
  return (
    <form
      ref={form}
      className={styles.form}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        className={styles.text}
        aria-label={note.label}
        placeholder={note.placeholder}
        rows={2}
        maxLength={4_096}
        dir="auto"
        value={text}
        readOnly={isBusy}
        // The button that opened it is gone.
        // biome-ignore lint/a11y/noAutofocus: the focus follows the press of that button.
        autoFocus
        onChange={({ target }) => setText(target.value)}
        onKeyDown={onKeyDown}
      />
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={styles.actions}>
        <Button look="quiet" onClick={done}>
          {app.cancel}
        </Button>
        <Button type="submit" look="primary" icon="lock" isBusy={isBusy} disabled={text.trim() === ""}>
          {note.save}
        </Button>
      </div>
    </form>
  );
}
