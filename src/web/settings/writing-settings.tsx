import { useState } from "react";
import { isOn, SHOW_TYPING, turn } from "../models/preferences.ts";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./settings.module.css";
import { Switch } from "./switch.tsx";

/** Whether customers see that an answer is being written. */
export function WritingSettings() {
  const { store } = useServices();
  const { settings } = useStrings();
  const [isShown, setShown] = useState(() => isOn(store, SHOW_TYPING));
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>{settings.writing}</h2>
      <Switch
        label={settings.showTyping}
        hint={settings.showTypingHint}
        isOn={isShown}
        onChange={(next) => {
          turn(store, SHOW_TYPING, next);
          setShown(next);
        }}
      />
    </section>
  );
}
