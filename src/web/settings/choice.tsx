import { useId } from "react";
import styles from "./settings.module.css";

type Option<Value> = { value: Value; label: string; lang?: string };
type ChoiceProps<Value> = {
  legend: string;
  options: readonly Option<Value>[];
  value: Value;
  onChange(value: Value): void;
};

/** One of a few: radio buttons that look like a switch with several places. */
export function Choice<Value extends string>({ legend, options, value, onChange }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles.choice}>
      <legend className={styles.legend}>{legend}</legend>
      <div className={styles.options}>
        {options.map((option) => (
          <label key={option.value} className={styles.option} lang={option.lang}>
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
