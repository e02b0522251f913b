import fc from "fast-check";
import { describe, it } from "vitest";
import { type Block, type Piece, parseRichText } from "../../../src/web/models/rich-text.ts";

const open = { bold: "<b>", italic: "<i>", strike: "<s>" };

function show(piece: Piece): string {
  if (piece.kind === "text") return piece.text;
  if (piece.kind === "code") return `<code>${piece.text}</code>`;
  if (piece.kind === "link") return `<a ${piece.href}>${piece.text}</a>`;
  return `${open[piece.kind]}${piece.pieces.map(show).join("")}${open[piece.kind].replace("<", "</")}`;
}

function showBlock(block: Block): string {
  if (block.kind === "codeBlock") return `<pre>${block.text}</pre>`;
  const text = block.pieces.map(show).join("");
  return block.kind === "line" ? text : `<${block.kind}>${text}`;
}

const plainOf = (piece: Piece): string => ("text" in piece ? piece.text : piece.pieces.map(plainOf).join(""));

describe("the text of a message (UI-31, UI-32)", () => {
  it.for([
    ["*a* and _b_ and ~c~", "<b>a</b> and <i>b</i> and <s>c</s>"],
    ["*a _b_ c*", "<b>a <i>b</i> c</b>"],
    ["2*3*4", "2*3*4"],
    ["snake_case_name", "snake_case_name"],
    ["* not bold *", "<bullet>not bold *"],
    ["`*code*` *x*", "<code>*code*</code> <b>x</b>"],
    ["> quoted *x*", "<quote>quoted <b>x</b>"],
    ["- one\n- two", "<bullet>one|<bullet>two"],
    ["a\n```*b*\nc```\nd", "a|<pre>*b*\nc</pre>|d"],
    ["(*жирный*), да", "(<b>жирный</b>), да"],
    ["<b>x</b> & <script>", "<b>x</b> & <script>"],
    ["see https://a.example/x_y_z.", "see <a https://a.example/x_y_z>https://a.example/x_y_z</a>."],
    ["(https://a.example)", "(<a https://a.example/>https://a.example</a>)"],
    ["mail a.b@c.example!", "mail <a mailto:a.b@c.example>a.b@c.example</a>!"],
    ["call +7 (916) 123-45-67, or +1 2", "call <a tel:+79161234567>+7 (916) 123-45-67</a>, or +1 2"],
    ["1+12345678901", "1+12345678901"],
    ["javascript:alert(1)", "javascript:alert(1)"],
    ["*https://a.example/sale*", "<b><a https://a.example/sale>https://a.example/sale</a></b>"],
    ["*https://a.example/sale*, now", "<b><a https://a.example/sale>https://a.example/sale</a></b>, now"],
    ["_*https://a.example/*_", "<i><b><a https://a.example/>https://a.example/</a></b></i>"],
    ["*Track it: https://x.y/z please*", "<b>Track it: <a https://x.y/z>https://x.y/z</a> please</b>"],
    ["~See (https://x.y/z).~", "<s>See (<a https://x.y/z>https://x.y/z</a>).</s>"],
    ["*Call +7 916 123-45-67*", "<b>Call <a tel:+79161234567>+7 916 123-45-67</a></b>"],
    ["_a_b@c.example_ snake_case", "<i><a mailto:a_b@c.example>a_b@c.example</a></i> snake_case"],
    ["_https://x.y/a_b_c_ d_", "<i><a https://x.y/a_b_c>https://x.y/a_b_c</a></i> d_"],
    ["https://x.y/~me/a*b*c_", "<a https://x.y/~me/a*b*c_>https://x.y/~me/a*b*c_</a>"],
    ["*b* https://x.y/a* c*", "<b>b</b> <a https://x.y/a*>https://x.y/a*</a> c*"],
    ["*`x` https://x.y/z*", "*<code>x</code> <a https://x.y/z*>https://x.y/z*</a>"],
    ["https://аpple.com/", "<a https://xn--pple-43d.com/>https://xn--pple-43d.com/</a>"],
    ["https://почта.рф/x", "<a https://xn--80a1acny.xn--p1ai/x>https://почта.рф/x</a>"],
  ] as const)("%s", ([text, expected], { expect }) => {
    expect(parseRichText(text).map(showBlock).join("|")).toBe(expected);
  });

  it("keeps every letter, and never fails", ({ expect }) => {
    const piece = fc.constantFrom(
      "*",
      "_",
      "~",
      "`",
      "```",
      "> ",
      "- ",
      "\n",
      " ",
      "a",
      "b",
      "https://a.example",
      "https://a.example/x_y",
      "<",
      "(",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join("");
        const letters = (value: string) => value.replace(/[^\p{L}]/gu, "");
        const shown = parseRichText(text).map((block) =>
          block.kind === "codeBlock" ? block.text : block.pieces.map(plainOf).join(""),
        );
        expect(letters(shown.join(""))).toBe(letters(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
