import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Asks for values: on a terminal with a prompt, hidden ones without echo; otherwise the lines of standard input, in order. */
export type Terminal = {
  isInteractive: boolean;
  /** Throws `NoAnswer` once there are no more lines. */
  ask: (prompt: string, options?: { isHidden?: boolean }) => Promise<string>;
  /** Prints a line beside the results. */
  say: (line: string) => void;
  close: () => void;
};

export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** Opened only when the first question is asked. */
export function openTerminal(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Terminal {
  const isInteractive = Boolean(input.isTTY);
  let muted = false;
  let reader: ReturnType<typeof createInterface> | null = null;
  let lines: AsyncIterator<string> | null = null;
  const echo = new Writable({
    write(chunk, encoding, done) {
      if (muted) done();
      else output.write(chunk, encoding, done);
    },
  });
  return {
    isInteractive,
    async ask(prompt, { isHidden = false } = {}) {
      reader ??= createInterface({ input, output: echo, terminal: isInteractive });
      lines ??= reader[Symbol.asyncIterator]();
      if (isInteractive) output.write(prompt);
      muted = isHidden;
      const { value, done } = await lines.next();
      muted = false;
      if (isInteractive && isHidden) output.write("\n");
      if (done) throw new NoAnswer(`No answer to: ${prompt.trim()}`);
      return value.trim();
    },
    say: (line) => output.write(`${line}\n`),
    close: () => reader?.close(),
  };
}
