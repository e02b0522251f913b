const LENGTH = 150;

/**
 * How a browser is to take a file (RFC 6266), with its name twice: in plain ASCII, and as it is (RFC 8187). Customers choose
 * names: what could lead out of a folder, hide an ending or break the header is taken out.
 */
export function contentDisposition(kind: "inline" | "attachment", fileName: string | null): string {
  const name = safeName(fileName ?? "");
  if (name === "") return kind;
  const plain = name.replace(/[^\x20-\x7e]/g, "_").replace(/["\\%]/g, "_");
  const exact = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${hex(character)}`);
  return plain === name
    ? `${kind}; filename="${plain}"`
    : `${kind}; filename="${plain}"; filename*=UTF-8''${exact}`;
}

/** Without folders, control characters, and the marks that turn the direction of writing. */
function safeName(name: string): string {
  const bare = name.toWellFormed().split(/[/\\]/).at(-1) ?? "";
  const clean = bare.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "").replace(/^[.\s]+|[.\s]+$/g, "");
  return [...clean].slice(-LENGTH).join("");
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase();
}
