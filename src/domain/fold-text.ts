/**
 * A text as search compares it: composed (NFKC), in lower case, with ё as е, which Russian writers leave to the reader. The SQL
 * function `fold_text` does the same.
 */
export function foldText(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll("ё", "е");
}
