/** A piece of a message's text. Whatever a customer writes becomes such pieces and never markup. */
export type Piece =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike"; pieces: Piece[] }
  | { kind: "code"; text: string }
  | { kind: "link"; text: string; href: string };

export type Block =
  | { kind: "line" | "quote" | "bullet"; pieces: Piece[] }
  | { kind: "codeBlock"; text: string };

const MARKS = { "*": "bold", _: "italic", "~": "strike" } as const;
/** Trailing punctuation belongs to the sentence, not to the address. */
const LINK =
  /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'»”]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\p{L}\p{N}])\+\d(?:[ ()-]{0,2}\d){7,14})/giu;
const INNER_MARKS = /(?<=[^*_~])[*_~]+(?=[^*_~])/g;

/** WhatsApp's own marks, https://faq.whatsapp.com/539178204879377: bold, italic, strikethrough, code, quotes and bullets. */
export function parseRichText(text: string): Block[] {
  return text.split(/(```[\s\S]+?```)/).flatMap((part, i): Block[] => {
    if (i % 2 === 1) return [{ kind: "codeBlock", text: part.slice(3, -3).trim() }];
    if (part === "") return [];
    return part
      .replace(/^\n|\n$/g, "")
      .split("\n")
      .map(parseLine);
  });
}

/** The same text without the marks, for where it stands in one line. */
export function plainText(text: string): string {
  return parseRichText(text)
    .map((block) => (block.kind === "codeBlock" ? block.text : textOf(block.pieces)))
    .join("\n");
}

function textOf(pieces: Piece[]): string {
  return pieces.map((piece) => ("pieces" in piece ? textOf(piece.pieces) : piece.text)).join("");
}

function parseLine(line: string): Block {
  if (line.startsWith("> ")) return { kind: "quote", pieces: parsePieces(line.slice(2)) };
  if (/^[*-] /.test(line)) return { kind: "bullet", pieces: parsePieces(line.slice(2)) };
  return { kind: "line", pieces: parsePieces(line) };
}

function parsePieces(text: string): Piece[] {
  // Code first: nothing inside of it is a mark.
  return text.split(/(`[^`]+`)/).flatMap((part, i): Piece[] => {
    if (i % 2 === 1) return [{ kind: "code", text: part.slice(1, -1) }];
    const masked = part.replace(LINK, (link) =>
      link.replace(INNER_MARKS, (marks) => "a".repeat(marks.length)),
    );
    return parseMarks(part, masked);
  });
}

/**
 * A mark opens after a space or punctuation and closes before one: `2*3*4` and `snake_case_name` stay as they are. `masked`: the
 * same text, as long, where a mark inside a link is a letter; one at the link's end may close what began before it.
 */
function parseMarks(text: string, masked: string): Piece[] {
  const found = /(?<![\p{L}\p{N}])([*_~])(?!\s)((?:(?!\1).)+?)(?<!\s)\1(?![\p{L}\p{N}])/u.exec(masked);
  if (!found) return parseLinks(text);
  const [whole, mark] = found;
  const end = found.index + whole.length;
  const part = (from: number, to?: number) => parseMarks(text.slice(from, to), masked.slice(from, to));
  return [
    ...part(0, found.index),
    { kind: MARKS[mark as keyof typeof MARKS], pieces: part(found.index + 1, end - 1) },
    ...part(end),
  ];
}

function parseLinks(text: string): Piece[] {
  return text.split(LINK).flatMap((piece, i): Piece[] => {
    if (i % 2 === 1) return [toLink(piece)];
    return piece === "" ? [] : [{ kind: "text", text: piece }];
  });
}

/** The text of a link with a host of mixed alphabets is that host's own name: `xn--…` shows what it is. */
function toLink(text: string): Piece {
  if (text.startsWith("+")) return { kind: "link", text, href: `tel:+${text.replace(/\D/g, "")}` };
  if (!/^https?:/i.test(text)) return { kind: "link", text, href: `mailto:${text}` };
  try {
    const url = new URL(text);
    const shownHost = /^https?:\/\/([^/?#:]+)/i.exec(text)?.[1] ?? "";
    const isMixed = /[a-z]/i.test(shownHost) && /[^\p{ASCII}]/u.test(shownHost);
    return { kind: "link", text: isMixed ? url.href : text, href: url.href };
  } catch {
    return { kind: "text", text };
  }
}
