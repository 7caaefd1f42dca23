/** What a scenario did to its lab, to be put back: the last thing first, each in its own time, whatever the others do. */
import { messageOf } from '../lib/message-of.ts';

/** One thing to undo; `what` names it for people. */
export type Undo = { what: string; work: (signal: AbortSignal) => Promise<void> };

const seconds = 60;

/** Empties the pile; gives what could not be undone, in words. */
export const undoAll = async (pile: Undo[]): Promise<string[]> => {
  const failed: string[] = [];
  for (let next = pile.pop(); next !== undefined; next = pile.pop()) {
    const { what, work } = next;
    await work(AbortSignal.timeout(seconds * 1000)).catch((error: unknown) => {
      failed.push(`${what}: ${messageOf(error)}`);
    });
  }
  return failed;
};
