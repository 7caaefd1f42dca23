/** Why a lab cannot be had on this machine though others can: then its scenarios are skipped, with this as the reason. */
import type { Engine } from '../engine/engine.ts';
import type { LabEvent } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import type { Cli } from './cli.ts';
import { asLabEvent } from './prepare-images.ts';

type Look = { plan: Plan; engine: Engine; emit: (event: LabEvent) => void };

/** A capability of the kernel, or a published image that is neither here nor to be pulled; undefined when nothing is lacking. */
export const findLack = async (cli: Cli, { plan, engine, emit }: Look): Promise<string | undefined> => {
  const { findMissingCapability } = await import('../host/host.ts');
  return (await findMissingCapability({ plan, engine })) ?? (await findMissingImages(cli, plan, emit));
};

const findMissingImages = async (cli: Cli, plan: Plan, emit: Look['emit']): Promise<string | undefined> => {
  if (plan.images.external.length === 0) return undefined;
  const { ensureExternal } = await import('../images/images.ts');
  const { missing } = await ensureExternal(plan.images.external, {
    signal: cli.signal,
    onEvent: (event) => emit(asLabEvent(event, cli.now())),
  });
  if (missing.length === 0) return undefined;
  return `${missing.length === 1 ? 'image' : 'images'} ${missing.map(({ ref, why }) => `${ref} (${why})`).join(', ')}`;
};
