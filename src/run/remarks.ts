/** What nodes say of why something took long or failed. */
import type { Engine } from '../engine/engine.ts';
import { linesOf } from '../lib/lines.ts';
import type { Plan } from '../model/plan.ts';

const askSeconds = 10;

/** Lines of all remarks of the plan, in its order. A node that cannot be asked says nothing: this is beside the matter, not the matter. */
export const askRemarks = async ({ lab, remarks = [] }: Plan, engine: Engine): Promise<string[]> => {
  const said = await Promise.all(
    remarks.map(async ({ container, script: { text, env } }) => {
      try {
        const { stdout } = await engine.exec(lab, container, ['/bin/sh', '-c', text], { env, timeoutSeconds: askSeconds });
        return linesOf(stdout);
      } catch {
        return [];
      }
    }),
  );
  return said.flat();
};
