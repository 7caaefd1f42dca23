/** What the local engine holds of ours. */
import { runDocker } from '../host/host.ts';
import { linesOf } from '../lib/lines.ts';

/** References `edgelab/<name>:<tag>` in the local engine. Throws LabError ENGINE001 when it does not answer. */
export const localImages = async (signal?: AbortSignal): Promise<Set<string>> => {
  const format = '--format={{.Repository}}:{{.Tag}}';
  const stdout = await runDocker(['image', 'ls', '--filter=reference=edgelab/*', format], signal ? { signal } : {});
  return new Set(linesOf(stdout));
};

type InspectedImage = {
  ref: string;
  /** Digests of its unpacked layers, lowest first: the same in every engine, unlike an image's id. */
  layers: string[];
  sizeBytes: number;
  labels: Readonly<Record<string, string>>;
};

/** Facts about images that are there, in the order of `refs`. Throws LabError ENGINE001 when one is not. */
export const inspectImages = async (refs: readonly string[], signal?: AbortSignal): Promise<InspectedImage[]> => {
  if (refs.length === 0) return [];
  const format = '--format={{json .RootFS.Layers}} {{.Size}} {{json .Config.Labels}}';
  const stdout = await runDocker(['image', 'inspect', format, ...refs], signal ? { signal } : {});
  return stdout.split('\n').map((line, index) => {
    const [layers = '', size = '', ...labels] = line.split(' ');
    return {
      ref: refs[index]!,
      layers: (JSON.parse(layers) ?? []) as string[],
      sizeBytes: Number(size),
      labels: (JSON.parse(labels.join(' ')) ?? {}) as Record<string, string>,
    };
  });
};
