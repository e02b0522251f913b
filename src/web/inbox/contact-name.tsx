import { type FormEvent, useId, useRef, useState } from "react";
import type { Contact } from "../../domain/chat.ts";
import { nameOfContact } from "../models/format.ts";
import { Button, IconButton } from "../parts/button.tsx";
import { holdsFocus } from "../parts/holds-focus.ts";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import styles from "./contact-name.module.css";

const NAME_CHARS = 200;

/** The contact's name. Agents can change that of a person: all chats with the contact then show it. */
export function ContactName({ contact }: { contact: Contact }) {
  const { details, app } = useStrings();
  const refusalOf = useRefusalText();
  const { api } = useServices();
  const id = useId();
  const [isOpen, open] = useState(false);
  const [wantsFocus, setWantsFocus] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const close = () => {
    setProblem(null);
    open(false);
    // Whoever writes elsewhere by then goes on there.
    setWantsFocus(holdsFocus(form.current));
  };
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim() || null;
    setBusy(true);
    try {
      await api.request(`/contacts/${contact.id}`, { method: "PATCH", json: { name } });
      close();
    } catch (error) {
      setProblem(refusalOf(error));
    }
    setBusy(false);
  };
  if (!isOpen)
    return (
      <div className={styles.shown}>
        <p className={styles.name}>
          <bdi>{nameOfContact(contact)}</bdi>
        </p>
        {!contact.isGroup && (
          <IconButton icon="edit" label={details.rename} onClick={() => open(true)} autoFocus={wantsFocus} />
        )}
      </div>
    );
  return (
    <form
      ref={form}
      className={styles.form}
      onSubmit={(event) => void save(event)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // The details around it stay.
        event.stopPropagation();
        close();
      }}
    >
      <label htmlFor={id}>{details.name}</label>
      <input
        id={id}
        name="name"
        className={styles.input}
        defaultValue={contact.name ?? ""}
        maxLength={NAME_CHARS}
        aria-describedby={`${id}hint`}
        dir="auto"
        autoComplete="off"
        // The button that opened it is gone.
        // biome-ignore lint/a11y/noAutofocus: the focus follows the press of that button.
        autoFocus
      />
      <p id={`${id}hint`} className={styles.hint}>
        {details.nameHint}
      </p>
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={styles.actions}>
        <Button look="quiet" onClick={close}>
          {app.cancel}
        </Button>
        <Button type="submit" look="primary" isBusy={isBusy}>
          {details.save}
        </Button>
      </div>
    </form>
  );
}
