import { shortcuts } from "../models/shortcuts.ts";
import styles from "./keys-table.module.css";
import { useKeysStrings } from "./use-keys-strings.ts";

/** Which key does what. */
export function KeysTable() {
  const keys = useKeysStrings();
  return (
    <table className={styles.table}>
      <thead className="hidden-text">
        <tr>
          <th scope="col">{keys.key}</th>
          <th scope="col">{keys.does}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(shortcuts).map(([action, combination]) => (
          <tr key={action}>
            <td className={styles.keys}>
              {combination.split(/(?<=\S)[+ ](?=\S)/).map((key, i, { length }) => (
                <kbd key={key} className={styles.key}>
                  {key}
                  {i < length - 1 && (
                    <span className="hidden-text">{combination.includes("+") ? "+" : " "}</span>
                  )}
                </kbd>
              ))}
            </td>
            <td>{keys.actions[action as keyof typeof shortcuts]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
