/** Gets the images a plan needs, building what is missing, and says so in events. */
import type { ImageEvent } from '../images/images.ts';
import type { LabEvent } from '../model/event.ts';
import type { ImageBinding } from '../model/image.ts';
import type { Plan } from '../model/plan.ts';
import type { Cli } from './cli.ts';

/** Emits `images` events from `checking` to `ready`, the last one with the seconds it took. */
export const prepareImages = async (cli: Cli, plan: Plan, emit: (event: LabEvent) => void): Promise<ImageBinding> => {
  const { bindImages } = await import('../images/images.ts');
  const startedAt = cli.now();
  const total = plan.images.containers.length + plan.images.store.length + plan.images.external.length;
  emit({ at: startedAt, type: 'images', state: 'checking', done: 0, total });
  const binding = await bindImages(plan.images, {
    environment: cli.env,
    signal: cli.signal,
    onEvent: (event) => emit(asLabEvent(event, cli.now())),
  });
  const at = cli.now();
  emit({ at, type: 'images', state: 'ready', done: total, total, seconds: (at - startedAt) / 1000 });
  return binding;
};

/** `at` is in milliseconds since the epoch. All are `building`, also those that say an image is done. */
export const asLabEvent = ({ image, line, seconds, done, total }: ImageEvent, at: number): LabEvent => ({
  ...{ at, type: 'images', state: 'building', image, done, total },
  ...(line !== undefined && { line }),
  ...(seconds !== undefined && { seconds }),
});
