/** Published images that labs use and edgelab does not build: taken from the engine, else pulled. */
import { runDocker, tailOf, tryDocker } from '../host/host.ts';
import type { ImageOptions } from './image-options.ts';

/** What the engine has of a published image. */
export type ExternalImage = {
  /** As Kubernetes asks for it: `kubeedge/edgemesh-agent:v1.16.0`. */
  ref: string;
  /** `sha256:…` of its configuration: the same content has the same id everywhere. */
  id: string;
  sizeBytes: number;
  /** `kubeedge/edgemesh-agent@sha256:…` where it came from a registry. */
  digest?: string;
};

/** Which of the published images asked for are to be had. */
export type External = {
  present: ExternalImage[];
  /** Those that could not be had, each with the last words of the engine about it. */
  missing: { ref: string; why: string }[];
};

/** Looks only into the engine. Throws LabError ENGINE001 when it does not answer. */
export const findExternal = async (refs: readonly string[], signal?: AbortSignal): Promise<External> => {
  const found: External = { present: [], missing: [] };
  for (const ref of refs) {
    const image = await inspectExternal(ref, signal);
    if (image) found.present.push(image);
    else found.missing.push({ ref, why: 'not in the local engine' });
  }
  return found;
};

/** How long one pull may take; where no registry is in reach, Docker gives up long before. */
const pullSeconds = 300;

/** As `findExternal`, and pulls what is not there. Never throws because of an image that cannot be had. */
export const ensureExternal = async (refs: readonly string[], { signal, onEvent }: ImageOptions = {}): Promise<External> => {
  const found = await findExternal(refs, signal);
  const external: External = { present: found.present, missing: [] };
  for (const [done, { ref }] of found.missing.entries()) {
    const event = { image: ref, done, total: found.missing.length };
    onEvent?.({ ...event, phase: 'started' });
    const limit = AbortSignal.timeout(pullSeconds * 1000);
    const { code, stderr } = await tryDocker(['pull', '--quiet', ref], { signal: signal ? AbortSignal.any([signal, limit]) : limit }).catch(
      (error: unknown) => {
        signal?.throwIfAborted();
        if (!limit.aborted) throw error;
        return { code: 1, stderr: `no image after ${String(pullSeconds)} s` };
      },
    );
    const image = code === 0 ? await inspectExternal(ref, signal) : undefined;
    if (image) external.present.push(image);
    else external.missing.push({ ref, why: tailOf(stderr).split('\n').at(-1) ?? '' });
    if (image) onEvent?.({ ...event, phase: 'output', line: `pulled ${image.digest ?? image.id}` });
  }
  return external;
};

const inspectExternal = async (ref: string, signal?: AbortSignal): Promise<ExternalImage | undefined> => {
  const listed = await runDocker(['image', 'ls', '--quiet', '--no-trunc', ref], signal ? { signal } : {});
  if (listed.trim() === '') return undefined;
  const format = '--format={{.Id}} {{.Size}} {{range .RepoDigests}}{{.}} {{end}}';
  const [id = '', size = '', digest] = (await runDocker(['image', 'inspect', format, ref], signal ? { signal } : {})).trim().split(' ');
  return { ref, id, sizeBytes: Number(size), ...(digest !== undefined && digest !== '' && { digest }) };
};
