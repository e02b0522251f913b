import styles from "./avatar.module.css";

const TONES = 6;

/** The initials of a name on a tone that stays the same for that name. */
export function Avatar({ name, size = 40 }: { name: string; size?: number }) {
  const letters = initialsOf(name);
  const edge = { inlineSize: size, blockSize: size, fontSize: size * 0.36 };
  return (
    <span className={`${styles.avatar} ${toneOf(name)}`} style={edge} aria-hidden="true">
      {/^\d/.test(letters) ? "#" : letters || "?"}
    </span>
  );
}

/** A class with colours that stay the same for a name: `--tone`, and `--tone-ink` to write on it. */
export function toneOf(name: string): string {
  const tone = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997, 7) % TONES;
  return styles[`tone${tone}`] ?? "";
}

/** The first letters of the first two words. */
export function initialsOf(name: string): string {
  return name
    .replace(/[^\p{L}\p{N} ]/gu, "")
    .split(" ")
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase())
    .join("");
}
