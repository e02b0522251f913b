const MAX_NAME_LENGTH = 150;

/**
 * The Content-Disposition header of a file (RFC 6266), with the name in ASCII and, if that differs, in UTF-8 (RFC 8187).
 * Customers choose file names, so everything that could escape a folder, hide an extension or break the header is removed.
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

/** Removes folders, control characters and bidirectional marks. */
function safeName(name: string): string {
  const bare = name.toWellFormed().split(/[/\\]/).at(-1) ?? "";
  const clean = bare.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "").replace(/^[.\s]+|[.\s]+$/g, "");
  return [...clean].slice(-MAX_NAME_LENGTH).join("");
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase();
}
