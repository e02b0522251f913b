import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useQuickReplies } from "../inbox/quick-reply-list.tsx";
import { Button, IconButton } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import styles from "./quick-reply-settings.module.css";
import page from "./settings.module.css";

/** The organization's quick replies: read, added and deleted by every agent. */
export function QuickReplySettings() {
  const { quickReplies: texts } = useStrings();
  const refusalOf = useRefusalText();
  const { api } = useServices();
  const client = useQueryClient();
  const replies = useQuickReplies();
  const [shortcut, setShortcut] = useState("");
  const [text, setText] = useState("");
  const id = useId();
  const onSuccess = () => client.invalidateQueries({ queryKey: ["quick-replies"] });
  const add = useMutation({
    mutationFn: () =>
      api.request("/quick-replies", {
        method: "POST",
        json: { shortcut: shortcut.replace(/^\//, ""), text },
      }),
    async onSuccess() {
      setShortcut("");
      setText("");
      await onSuccess();
    },
  });
  const remove = useMutation({
    mutationFn: (replyId: number) => api.request(`/quick-replies/${replyId}`, { method: "DELETE" }),
    onSuccess,
  });
  const problem = add.error ?? remove.error;
  return (
    <section className={page.section}>
      <h2 className={page.heading}>{texts.title}</h2>
      <p className={page.hint}>{texts.lead}</p>
      {replies.length > 0 && (
        <ul className={styles.list}>
          {replies.map((reply) => (
            <li key={reply.id} className={styles.reply}>
              <span className={styles.shortcut}>/{reply.shortcut}</span>
              <span className={styles.text}>{reply.text}</span>
              <IconButton
                icon="close"
                size={16}
                label={texts.remove(reply.shortcut)}
                onClick={() => remove.mutate(reply.id)}
              />
            </li>
          ))}
        </ul>
      )}
      <form
        className={styles.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <label htmlFor={`${id}shortcut`}>{texts.shortcut}</label>
        <input
          id={`${id}shortcut`}
          value={shortcut}
          maxLength={33}
          autoComplete="off"
          onChange={({ target }) => setShortcut(target.value)}
        />
        <label htmlFor={`${id}text`}>{texts.text}</label>
        <textarea
          id={`${id}text`}
          rows={2}
          maxLength={4_096}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        {problem && (
          <Notice tone="danger" role="alert">
            {refusalOf(problem)}
          </Notice>
        )}
        <div>
          <Button
            type="submit"
            icon="plus"
            isBusy={add.isPending}
            disabled={!shortcut.trim() || !text.trim()}
          >
            {texts.add}
          </Button>
        </div>
      </form>
    </section>
  );
}
