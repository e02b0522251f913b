import type { Variable, VariableText } from "./template.ts";

/** Meta allows far fewer; a hostile definition must not make a form of thousands of fields. */
const MOST_VARIABLES = 50;
const VARIABLE = /\{\{\s{0,8}(\w{1,64})\s{0,8}\}\}/g;

/**
 * Finds the variables of a text. A positional one takes its parameters by number, wherever the numbers stand in the text; a
 * name that occurs twice is one parameter. Examples by position, or by name.
 */
export function parseVariables(
  text: string,
  named: boolean,
  exampleOf: (name: string, position: number) => string | null,
): VariableText {
  const names = [...new Set([...text.matchAll(VARIABLE)].map(([, name = ""]) => name))].filter(
    (name) => named || isPosition(name),
  );
  const ordered = named ? names : names.sort((a, b) => Number(a) - Number(b));
  const variables = ordered
    .slice(0, MOST_VARIABLES)
    .map((name, position): Variable => ({ name, example: exampleOf(name, position) }));
  return { text, variables };
}

/** Whether a text has a variable that is not a number: then the template's parameters go by name. */
export function hasNames(text: string): boolean {
  return [...text.matchAll(VARIABLE)].some(([, name = ""]) => !isPosition(name));
}

/** The text with its variables filled; those without a value stay visible. */
export function fillText(
  { text, variables }: VariableText,
  wordFor: (name: string) => string | null,
): string {
  const known = new Set(variables.map(({ name }) => name));
  return text.replace(VARIABLE, (whole, name: string) => (known.has(name) ? wordFor(name) : null) ?? whole);
}

function isPosition(name: string): boolean {
  return /^[1-9]\d{0,3}$/.test(name);
}
