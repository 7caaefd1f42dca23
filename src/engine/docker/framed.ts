/** Finding where a command's output begins and ends in what a shell prints of many commands. */

/** No text of people begins with it, so what comes before is never held back for long. */
const startOfHeading = '\u0001';

/** What is printed before and after a command, on both of its outputs; `id` is the command's own, and no other's. */
export const signOf = (id: string): string => `${startOfHeading}${id}`;

/** `begun`: the first sign has come; `write`: what is between; `ended`: the second, with the exit code it tells. */
type Framed = { begun?: () => void; write: (payload: Uint8Array) => void; ended: (code: number) => void };

/**
 * Takes chunks of one output, however they are cut. What comes before the first sign is some earlier command's, whose background process kept the
 * output, and is dropped. A line `sign` begins, a line `sign code` ends; the latter follows the last byte of the command at once.
 */
export function makeFramed(sign: string, { begun, write, ended }: Framed): (chunk: Uint8Array) => void {
  const wanted = Buffer.from(sign);
  let held: Buffer = Buffer.alloc(0);
  let at: 'before' | 'inside' | 'after' = 'before';

  const give = (payload: Buffer): void => {
    if (at === 'inside' && payload.length > 0) write(payload);
  };

  return (chunk) => {
    if (at === 'after') return;
    held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
    for (;;) {
      const found = held.indexOf(wanted);
      const cut = found === -1 ? held.length - beginning(held, wanted) : found;
      give(held.subarray(0, cut));
      held = held.subarray(cut);
      const lineEnd = held.indexOf('\n');
      if (found === -1 || lineEnd === -1) return;
      const told = held.toString('utf8', wanted.length, lineEnd);
      held = held.subarray(lineEnd + 1);
      if (at === 'inside') {
        at = 'after';
        ended(Number(told));
        return;
      }
      at = 'inside';
      begun?.();
    }
  };
}

/** How many bytes at the end may be the beginning of a sign whose rest is still to come. */
function beginning(held: Buffer, wanted: Buffer): number {
  const last = held.lastIndexOf(startOfHeading);
  const length = last === -1 ? 0 : held.length - last;
  return length < wanted.length && wanted.subarray(0, length).equals(held.subarray(held.length - length)) ? length : 0;
}
