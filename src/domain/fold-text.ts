/** A text as searching compares it: composed, in lower case, with ё as е, which Russian writers leave to the reader. */
export function foldText(text: string): string {
  return text.normalize("NFC").toLowerCase().replaceAll("ё", "е");
}
