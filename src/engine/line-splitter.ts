/** Turns chunks of bytes into text and complete lines, wherever the chunks are cut. */

/** Takes chunks one after another, then one `end`. */
type LineSplitter = {
  push(chunk: Uint8Array): void;
  /** Gives the last line if it had no line end, and all text. */
  end(): string;
};

/** Decodes UTF-8 across chunk borders; `onLine` gets each line without its `\n` or `\r\n`. */
export function makeLineSplitter(onLine?: (line: string) => void): LineSplitter {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const parts: string[] = [];
  let open = '';

  function take(text: string): void {
    parts.push(text);
    if (!onLine) return;
    const lines = (open + text).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  return {
    push: (chunk) => take(decoder.decode(chunk, { stream: true })),
    end() {
      take(decoder.decode());
      if (open !== '') onLine?.(open);
      open = '';
      return parts.join('');
    },
  };
}
