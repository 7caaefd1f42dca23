/** Images to and from an OCI registry, under the same names and tags: `<registry>/edgelab/<name>:<12 hex>`. */
import { runDocker, tailOf, tryDocker } from '../host/host.ts';
import { LabError } from '../lib/lab-error.ts';
import { ensureImages } from './build-images.ts';
import type { ImageEvent, ImageOptions } from './image-options.ts';
import { inspectImages, localImages } from './local-images.ts';
import { runtimeNames } from './runtime-names.ts';
import { addressOf, openWorkshop } from './workshop.ts';

/** What is pushed or pulled, and how what is missing is built before a push. */
export type TransferOptions = ImageOptions & {
  /** Images to transfer; those of labs (containers and pods) when absent. */
  names?: readonly string[];
};

/** An image that was pushed or pulled; one that was here already is in no list of pulls. */
export type Transferred = {
  name: string;
  ref: string;
  /** `<registry>/edgelab/<name>@sha256:…`: the manifest's digest, as the registry gave it. */
  digest: string;
};

/** Pushes what a lab runs, building what is missing first. Throws LabError IMAGE003 naming the image the registry refused. */
export const pushImages = async (registry: string, options: TransferOptions = {}): Promise<Transferred[]> => {
  const { names, ref } = await openTransfer(options);
  await ensureImages(names, options);
  return transferEach(names, options, async (name) => {
    const remote = `${registry}/${ref(name)}`;
    await runDocker(['tag', ref(name), remote], withSignal(options));
    try {
      await exchange(['push', '--quiet', remote], registry, name, options);
      return { name, ref: ref(name), digest: await digestOf(remote, options) };
    } finally {
      await tryDocker(['rmi', '--no-prune', remote]);
    }
  });
};

/**
 * Pulls what a lab runs and what is not here yet. An image is taken only if it says that it was made from the inputs
 * asked for; else, and when the registry has not got it, LabError IMAGE003.
 */
export const pullImages = async (registry: string, options: TransferOptions = {}): Promise<Transferred[]> => {
  const { names, ref, inputs } = await openTransfer(options);
  const local = await localImages(options.signal);
  const missing = names.filter((name) => !local.has(ref(name)));
  return transferEach(missing, options, async (name) => {
    const remote = `${registry}/${ref(name)}`;
    await exchange(['pull', '--quiet', remote], registry, name, options);
    try {
      const [image] = await inspectImages([remote], options.signal);
      if (image?.labels['edgelab.inputs'] !== inputs(name)) {
        throw new LabError('IMAGE003', `${remote} is another image than its tag says`, {
          lastObservation: image?.labels['edgelab.inputs'] ?? 'no label edgelab.inputs',
        });
      }
      await runDocker(['tag', remote, ref(name)], withSignal(options));
      return { name, ref: ref(name), digest: await digestOf(remote, options) };
    } finally {
      await tryDocker(['rmi', '--no-prune', remote]);
    }
  });
};

const withSignal = ({ signal }: ImageOptions): { signal?: AbortSignal } => (signal ? { signal } : {});

const openTransfer = async (options: TransferOptions) => {
  const workshop = await openWorkshop(options);
  return {
    names: options.names ?? runtimeNames(workshop.catalogue),
    ref: (name: string): string => addressOf(workshop, name).ref,
    inputs: (name: string): string => addressOf(workshop, name).inputs,
  };
};

/** One after another: they share layers, which a second transfer at the same time would move again. */
const transferEach = async (
  names: readonly string[],
  options: ImageOptions,
  transfer: (name: string) => Promise<Transferred>,
): Promise<Transferred[]> => {
  const done: Transferred[] = [];
  const emit = (event: Omit<ImageEvent, 'done' | 'total'>): void => options.onEvent?.({ ...event, done: done.length, total: names.length });
  for (const name of names) {
    const startedAt = performance.now();
    emit({ image: name, phase: 'started' });
    done.push(await transfer(name));
    emit({ image: name, phase: 'done', seconds: (performance.now() - startedAt) / 1000 });
  }
  return done;
};

const exchange = async (args: readonly string[], registry: string, name: string, options: ImageOptions): Promise<void> => {
  const { code, stdout, stderr } = await tryDocker(args, withSignal(options));
  if (code === 0) return;
  throw new LabError('IMAGE003', `${args[0] ?? ''} of ${name} failed: ${registry} cannot be reached or refused`, {
    command: `docker ${args.join(' ')}`,
    outputTail: tailOf(`${stdout}\n${stderr}`),
    hint: 'an HTTP registry beyond this machine must be listed under insecure-registries of the Docker engine',
  });
};

const digestOf = async (remote: string, options: ImageOptions): Promise<string> => {
  const [repository = ''] = remote.split(/:(?=[0-9a-f]+$)/);
  const digests = await runDocker(['image', 'inspect', '--format={{range .RepoDigests}}{{println .}}{{end}}', remote], withSignal(options));
  return digests.split('\n').find((line) => line.startsWith(`${repository}@`)) ?? '';
};
