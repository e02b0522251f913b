import { useState } from "react";
import { isOn, SINGLE_KEYS, turn } from "../models/preferences.ts";
import { KeysTable } from "../parts/keys-table.tsx";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useKeysStrings } from "../parts/use-keys-strings.ts";
import styles from "./settings.module.css";
import { Switch } from "./switch.tsx";

/** Which key does what; single letters can be turned off, as WCAG 2.1.4 asks. */
export function KeySettings() {
  const { store } = useServices();
  const keys = useKeysStrings();
  const { settings } = useStrings();
  const [hasSingleKeys, setSingleKeys] = useState(() => isOn(store, SINGLE_KEYS));
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>{keys.title}</h2>
      <Switch
        label={settings.singleKeys}
        hint={settings.singleKeysHint}
        isOn={hasSingleKeys}
        onChange={(next) => {
          turn(store, SINGLE_KEYS, next);
          setSingleKeys(next);
        }}
      />
      <KeysTable />
    </section>
  );
}
