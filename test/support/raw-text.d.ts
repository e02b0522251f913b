/** A file as text: Vite's `?raw`. */
declare module "*?raw" {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: it is Vite that exports it so.
  export default text;
}
