/** Several labs at once may be more than a machine holds: those that are done with give way to the next. */
import { LabError } from '../lib/lab-error.ts';

/** The host lacks what labs take and give back: memory, inotify instances. */
const taken: ReadonlySet<string> = new Set(['HOST002', 'HOST010']);

/** True where there is no room for a lab, and may be later. */
export const wantsRoom = (error: unknown): error is LabError => error instanceof LabError && taken.has(error.code);

/**
 * The result of `attempt`. When it fails for want of room, `giveWay` is called with that error, and where that made some (it returns true) the
 * attempt is made once more; every other error is passed on.
 */
export const makeRoom = async <Result>(attempt: () => Promise<Result>, giveWay: (want: LabError) => Promise<boolean>): Promise<Result> => {
  try {
    return await attempt();
  } catch (error) {
    if (!wantsRoom(error) || !(await giveWay(error))) throw error;
    return attempt();
  }
};
