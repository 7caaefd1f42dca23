/** Refuses a lab whose link conditions this machine cannot make, before anything of it is started. */
import { LabError } from '../lib/lab-error.ts';
import { findUnsupported, probeLinkScript, readLinkProbe } from '../links/links.ts';
import type { ImageBinding } from '../model/image.ts';
import type { Plan } from '../model/plan.ts';

/** Half a second for labs that declare conditions, nothing for others. */
export const requireLinks = async ({ steps }: Plan, { refs }: ImageBinding): Promise<void> => {
  const conditioned = steps.flatMap(({ action }) => (action.do === 'condition' ? [action] : []));
  const image = refs.get('router');
  if (conditioned.length === 0 || image === undefined) return;
  const { tryInImage } = await import('../host/host.ts');
  const facts = readLinkProbe(await tryInImage(image, probeLinkScript));
  const problems = conditioned.flatMap(({ container, conditions }) => {
    const why = findUnsupported(conditions, facts);
    return why === undefined ? [] : [`link of ${container}: ${why}`];
  });
  if (problems.length > 0)
    throw new LabError('HOST011', `this machine cannot make the link conditions of the lab: ${problems.join('; ')}`, {
      hint: 'edgelab doctor shows what the kernel has; or leave these conditions out of the topology',
    });
};
