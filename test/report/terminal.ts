/** A terminal in memory: what a person would see after a program has written its escape codes. Only those listr2 uses. */

export type Terminal = {
  write: (text: string) => boolean;
  columns: number;
  rows: number;
  isTTY: true;
  /** Lines on the screen, colours left out, without empty ones at the end. */
  screen: () => string;
  /** All that was written. */
  written: () => string;
};

export const makeTerminal = (columns: number): Terminal => {
  const lines: string[][] = [[]];
  let row = 0;
  let column = 0;
  let all = '';
  const line = (): string[] => (lines[row] ??= []);
  const control = (code: string, argument: number): void => {
    if (code === 'A') row = Math.max(0, row - (argument || 1));
    else if (code === 'B') row += argument || 1;
    else if (code === 'G') column = Math.max(0, (argument || 1) - 1);
    else if (code === 'K') lines[row] = argument === 2 ? [] : line().slice(0, column);
    else if (code === 'J') lines.splice(row + 1);
  };
  const write = (text: string): boolean => {
    all += text;

    for (const [token, argument, code] of text.matchAll(/\u001B\[\??(\d*)[\d;]*([A-Za-z])|[\s\S]/gu)) {
      if (code !== undefined) control(code, Number(argument));
      else if (token === '\r') column = 0;
      else if (token === '\n') {
        row += 1;
        column = 0;
      } else line()[column++] = token;
    }
    return true;
  };
  const show = (cells: readonly (string | undefined)[]): string =>
    Array.from(cells, (cell) => cell ?? ' ')
      .join('')
      .trimEnd();
  return { write, columns, rows: 50, isTTY: true, screen: () => lines.map(show).join('\n').trimEnd(), written: () => all };
};
