/** Texts kept beside the tests; they change only through UPDATE_GOLDENS=1. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { ExecutionContext } from 'ava';

/** Compares a text with its golden file, or writes the file when goldens are being updated. */
export const matchGolden = async (t: ExecutionContext, file: URL, actual: string): Promise<void> => {
  if (process.env['UPDATE_GOLDENS'] === '1') {
    await mkdir(new URL('.', file), { recursive: true });
    await writeFile(file, actual);
    t.pass();
    return;
  }
  const expected = await readFile(file, 'utf8').catch(() => undefined);
  if (expected === undefined) t.fail(`there is no ${file.pathname}; UPDATE_GOLDENS=1 writes it`);
  else t.is(actual, expected, `${file.pathname} differs; UPDATE_GOLDENS=1 accepts the new text`);
};
