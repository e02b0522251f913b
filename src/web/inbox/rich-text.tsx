import { Fragment } from "react";
import { type Block, type Piece, parseRichText } from "../models/rich-text.ts";
import styles from "./rich-text.module.css";

/** A message's text with WhatsApp's marks. It is built of elements: nothing in it is ever read as markup. */
export function RichText({ text }: { text: string }) {
  return (
    <div className={styles.text}>
      {parseRichText(text).map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a text have no other name.
        <BlockView key={i} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { block: Block }) {
  if (block.kind === "codeBlock") return <pre className={styles.pre}>{block.text}</pre>;
  const content = <Pieces pieces={block.pieces} />;
  if (block.kind === "quote") return <blockquote className={styles.quote}>{content}</blockquote>;
  if (block.kind === "bullet") return <p className={styles.bullet}>{content}</p>;
  return <p className={styles.line}>{block.pieces.length === 0 ? "\u00a0" : content}</p>;
}

function Pieces({ pieces }: { pieces: Piece[] }) {
  return pieces.map((piece, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line have no other name.
    <Fragment key={i}>
      <PieceView piece={piece} />
    </Fragment>
  ));
}

function PieceView({ piece }: { piece: Piece }) {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "bold":
      return (
        <strong>
          <Pieces pieces={piece.pieces} />
        </strong>
      );
    case "italic":
      return (
        <em>
          <Pieces pieces={piece.pieces} />
        </em>
      );
    case "strike":
      return (
        <s>
          <Pieces pieces={piece.pieces} />
        </s>
      );
    case "code":
      return <code className={styles.code}>{piece.text}</code>;
    case "link":
      return (
        <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
          {piece.text}
        </a>
      );
    default:
      return piece satisfies never;
  }
}
