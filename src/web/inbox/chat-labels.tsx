import { Menu } from "@base-ui/react/menu";
import { type FormEvent, type RefObject, useId, useRef, useState } from "react";
import type { Chat } from "../../domain/chat.ts";
import { type Label, labelColors } from "../../domain/label.ts";
import { Button } from "../parts/button.tsx";
import { holdsFocus } from "../parts/holds-focus.ts";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import styles from "./chat-labels.module.css";
import { LabelChip, LabelDot } from "./label-chip.tsx";
import menu from "./message-menu.module.css";
import { useChatChange } from "./use-chat-change.tsx";
import { useCreateLabel, useLabels, useLabelsOf } from "./use-labels.ts";

/** The labels of a chat: each can be taken off, others put on, and new ones made. */
export function ChatLabels({ chat }: { chat: Chat }) {
  const { labels: texts } = useStrings();
  const all = useLabels();
  const own = useLabelsOf(chat.labelIds);
  const { problem, setLabel } = useChatChange(chat);
  const [isNew, setNew] = useState(false);
  const newName = useRef<HTMLInputElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  const isOn = ({ id }: Label) => chat.labelIds.includes(id);
  return (
    <section className={styles.section} aria-label={texts.title}>
      <header className={styles.header}>
        <h3 className={styles.heading}>{texts.title}</h3>
        <Menu.Root>
          <Menu.Trigger ref={add} className={styles.add}>
            <Icon name="plus" size={16} />
            {texts.add}
          </Menu.Trigger>
          <Menu.Portal>
            <Menu.Positioner sideOffset={4} align="end">
              <Menu.Popup
                className={`${menu.popup} ${styles.menu}`}
                finalFocus={() => newName.current ?? true}
              >
                {all.map((label) => (
                  <Menu.CheckboxItem
                    key={label.id}
                    className={menu.item}
                    checked={isOn(label)}
                    onCheckedChange={(isChecked) => void setLabel(label.id, isChecked)}
                    closeOnClick={false}
                  >
                    <LabelDot color={label.color} />
                    <bdi className={styles.name}>{label.name}</bdi>
                    <Menu.CheckboxItemIndicator className={styles.check}>
                      <Icon name="check" size={16} />
                    </Menu.CheckboxItemIndicator>
                  </Menu.CheckboxItem>
                ))}
                <Menu.Item className={menu.item} onClick={() => setNew(true)}>
                  <Icon name="plus" size={16} />
                  {texts.create}
                </Menu.Item>
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
      </header>
      {own.length > 0 && (
        <ul className={styles.labels}>
          {own.map((label) => (
            <li key={label.id}>
              <LabelChip label={label}>
                <button
                  type="button"
                  className={styles.off}
                  aria-label={texts.takeOff(label.name)}
                  onClick={() => void setLabel(label.id, false)}
                >
                  <Icon name="close" size={12} />
                </button>
              </LabelChip>
            </li>
          ))}
        </ul>
      )}
      {own.length === 0 && !isNew && <p className={styles.none}>{texts.none}</p>}
      {isNew && (
        <NewLabel
          input={newName}
          onDone={(label) => {
            // Whoever writes elsewhere by then goes on there.
            if (holdsFocus(newName.current?.form ?? null)) add.current?.focus();
            setNew(false);
            if (label) void setLabel(label.id, true);
          }}
        />
      )}
      {problem && (
        <Notice tone="danger" role="alert">
          {problem}
        </Notice>
      )}
    </section>
  );
}

type NewLabelProps = { input: RefObject<HTMLInputElement | null>; onDone(label: Label | null): void };

/** `onDone`: with the label, or with null when none is wanted after all. */
function NewLabel({ input, onDone }: NewLabelProps) {
  const { labels: texts, app } = useStrings();
  const refusalOf = useRefusalText();
  const create = useCreateLabel();
  const id = useId();
  const [name, setName] = useState("");
  const [color, setColor] = useState<Label["color"]>("teal");
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create({ name: name.trim(), color }).then(onDone, (error) => setProblem(refusalOf(error)));
  };
  return (
    <form
      className={styles.form}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // The details around it stay.
        event.stopPropagation();
        onDone(null);
      }}
    >
      <label htmlFor={id}>{texts.name}</label>
      <input
        ref={input}
        id={id}
        value={name}
        maxLength={40}
        autoComplete="off"
        onChange={({ target }) => setName(target.value)}
      />
      <fieldset className={styles.colors} aria-label={texts.color}>
        {labelColors.map((one) => (
          <button
            key={one}
            type="button"
            className={styles.color}
            aria-label={texts.colors[one]}
            aria-pressed={one === color}
            onClick={() => setColor(one)}
          >
            <LabelDot color={one} />
          </button>
        ))}
      </fieldset>
      {problem && (
        <Notice tone="danger" role="alert">
          {problem}
        </Notice>
      )}
      <div className={styles.buttons}>
        <Button type="submit" look="primary" disabled={name.trim() === ""}>
          {texts.save}
        </Button>
        <Button look="quiet" onClick={() => onDone(null)}>
          {app.cancel}
        </Button>
      </div>
    </form>
  );
}
