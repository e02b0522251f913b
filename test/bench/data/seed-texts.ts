const WORDS =
  `good morning please tell me when my order arrives the parcel has not come yet thank you very much could we move
it to thursday afternoon what does delivery cost how long will this take i have sent the photo of the receipt it is the blue one
not green number address street house flat entrance code call back later today tomorrow yes no maybe okay price discount size
colour warehouse courier driver payment card cash invoice refund return exchange broken missing wrong item box two three four`
    .split(/\s+/)
    .filter(Boolean);

/** Two thousand texts, most of them a line, some a paragraph. The same ones in every run. */
export function someTexts(): string[] {
  let state = 42;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
  return Array.from({ length: 2_000 }, () => {
    const words = next(20) === 0 ? 40 + next(80) : 2 + next(16);
    const text = Array.from({ length: words }, () => WORDS[next(WORDS.length)]).join(" ");
    return text.charAt(0).toUpperCase() + text.slice(1);
  });
}
