import { Fragment } from "react";

/** Characters of private use, which no text has, stand for the names while the text is made. */
const FIRST_MARK = 0xe000;
const MARK = /([\ue000-\uf8ff])/;

type NamedTextProps<Names extends readonly string[]> = { names: Names; children(...names: Names): string };

/** A text with names in it, such as of people, of which each keeps its own direction. `children` puts them into the text. */
export function NamedText<Names extends readonly string[]>({ names, children }: NamedTextProps<Names>) {
  // As many marks as names.
  const marks = names.map((_, i) => String.fromCharCode(FIRST_MARK + i)) as readonly string[] as Names;
  return children(...marks)
    .split(MARK)
    .map((part, i) => {
      const name = MARK.test(part) ? names[part.charCodeAt(0) - FIRST_MARK] : undefined;
      // biome-ignore lint/suspicious/noArrayIndexKey: a part has no other name than its place.
      return <Fragment key={i}>{name === undefined ? part : <bdi>{name}</bdi>}</Fragment>;
    });
}

/** The same of a list of names. */
export function NamedList({
  names,
  children,
}: {
  names: readonly string[];
  children(names: string): string;
}) {
  return <NamedText names={names}>{(...marks) => children(marks.join(", "))}</NamedText>;
}
