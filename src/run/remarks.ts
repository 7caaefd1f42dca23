/** What nodes say of why something took long or failed. */
import type { Engine } from '../engine/engine.ts';
import type { Plan } from '../model/plan.ts';

const askSeconds = 10;

/** Lines of all remarks of the plan, in its order. A node that cannot be asked says nothing: this is beside the matter, not the matter. */
export const askRemarks = async ({ lab, remarks = [] }: Plan, engine: Engine): Promise<string[]> => {
  const said = await Promise.all(
    remarks.map(async ({ container, text }) => {
      try {
        const { stdout } = await engine.exec(lab, container, ['/bin/sh', '-c', text], { timeoutSeconds: askSeconds });
        return stdout.split('\n').filter((line) => line !== '');
      } catch {
        return [];
      }
    }),
  );
  return said.flat();
};
