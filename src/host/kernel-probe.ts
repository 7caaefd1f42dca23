/** Tries kernel features in a network namespace that is thrown away: in a container of our own image, or by `unshare` as root. */
import { runCommand, systemPath } from './command.ts';
import { kernelFeatures } from './kernel-features.ts';

/** Feature id → whether it worked; a feature that could not be tried is missing. */
export type KernelProbe = ReadonlyMap<string, boolean>;

/** Prints `<id> yes` or `<id> no` for each of these features whose tool is there. */
export const probeScript = (ids: ReadonlySet<string>): string =>
  kernelFeatures
    .flatMap(({ id, probe }) =>
      probe && ids.has(id)
        ? [
            `command -v ${probe.tool} >/dev/null && { if ( ${probe.script} ) >/dev/null 2>&1; then echo '${id} yes'; else echo '${id} no'; fi; }`,
          ]
        : [],
    )
    .concat('exit 0')
    .join('\n');

/** `text` is what `probeScript` printed. */
export const readProbe = (text: string): KernelProbe =>
  new Map([...text.matchAll(/^([\w-]+) (yes|no)$/gm)].map((match) => [match[1] ?? '', match[2] === 'yes']));

/** Where to try: an image that brings ip, tc and nft, else this machine itself (`unshare`, which root may). */
export type ProbePlace = { image: string } | 'here';

/** Empty where nothing could be tried; after 30 s it is given up. */
export const probeKernel = async (place: ProbePlace, ids: ReadonlySet<string>): Promise<KernelProbe> => {
  const script = probeScript(ids);
  const { stdout, code } = await runCommand(
    place === 'here'
      ? ['unshare', '--net', 'sh', '-c', script]
      : [
          ...([
            'docker',
            'run',
            '--rm',
            '--network',
            'none',
            '--label',
            'edgelab.kind=probe',
            '--cap-add',
            'NET_ADMIN',
            '--device-cgroup-rule',
            'c 10:200 rwm',
          ] as const),
          ...['--env', 'THROW_AWAY=1', '--entrypoint', 'sh', place.image, '-c', script],
        ],
    { timeoutSeconds: 30, env: { ...(place === 'here' && systemPath) } },
  );
  return code === 0 ? readProbe(stdout) : new Map();
};
