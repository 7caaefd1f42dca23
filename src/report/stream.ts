/** What renderers need of process.stdout and process.stderr. */
export type Stream = {
  write(text: string): unknown;
  /** Width of the terminal; absent where there is none. */
  columns?: number;
};
