/** `link`: the conditions of a node's wire or a site's way out. */
import { LabError } from '../../lib/lab-error.ts';
import { plainLink, readLinkWords, wishWords, type LinkWish } from '../../links/links.ts';
import type { LinkConditions } from '../../model/link.ts';
import { changeLinks, putLinks } from '../../run/run.ts';
import type { VerbScene } from './action.ts';

/** What can be done to a link. */
export type LinkVerbs = {
  /** `link.set('4g')`, `link.set({ delay: '20ms', loss: '1%' })`, `link.set({ up: { rate: '1mbit' } })`; replaces what was. */
  set(wish: LinkWish): Promise<void>;
  /** As the machine is. */
  clear(): Promise<void>;
};

/** Of the node or site of that name. */
export const linkVerbs = ({ engine, lab, signal, act, tell, undo }: VerbScene, name: string): LinkVerbs => {
  const where = { engine, lab: lab.name };
  const change = (what: string, conditions: LinkConditions): Promise<void> =>
    act(what, async () => {
      const before = await changeLinks({ ...where, signal }, name, conditions);
      undo(what, async (later) => {
        await putLinks({ ...where, signal: later }, before);
        tell(what, 'undone');
      });
    });
  return {
    set: async (wish) => {
      const words = wishWords(wish);
      const conditions = readLinkWords(words);
      if ('problem' in conditions) throw new LabError('LINK001', conditions.problem, 'hint' in conditions ? { hint: conditions.hint } : {});
      await change(`link of ${name}: ${words.join(' ')}`, conditions);
    },
    clear: () => change(`link of ${name} cleared`, plainLink),
  };
};
