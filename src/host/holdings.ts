/** What edgelab has on this machine beside labs: images, volumes and folders, with their sizes and how to be rid of them. */
import { linesOf } from '../lib/lines.ts';
import { runCommand } from './command.ts';

/** `remove`: the shell command that removes it. */
export type Holding = {
  kind: 'image' | 'volume' | 'folder';
  name: string;
  /** Bytes on disk; undefined where it could not be found out. Layers that images share count in each. */
  bytes?: number;
  remove: string;
};

type HoldingOptions = {
  /** The checkout. */
  root: string;
  /** False when no engine answers: then only folders are looked at. */
  docker: boolean;
};

/** Images, volumes that have a name, and folders of the checkout, as far as they are there; what labs own is not among them. */
export const findHoldings = async ({ root, docker }: HoldingOptions): Promise<Holding[]> => {
  const [images, volumes, folders] = await Promise.all([docker ? findImages() : [], docker ? findVolumes() : [], findFolders(root)]);
  return [...images, ...volumes, ...folders];
};

const findImages = async (): Promise<Holding[]> => {
  const { stdout } = await runCommand(['docker', 'image', 'ls', '--filter', 'reference=edgelab/*', '--format', '{{.Repository}}:{{.Tag}}']);
  const names = linesOf(stdout).filter((name) => !name.endsWith(':<none>'));
  if (names.length === 0) return [];
  const inspected = await runCommand(['docker', 'image', 'inspect', '--format', '{{.Size}}', ...names]);
  const sizes = linesOf(inspected.stdout);
  return names.map((name, index) => ({ kind: 'image', name, ...sized(sizes[index]), remove: `docker image rm ${name}` }));
};

/** Volumes with a name: those without one belong to containers and go with them. */
const findVolumes = async (): Promise<Holding[]> => {
  const filters = ['label=edgelab.kind', 'name=^edgelab'];
  const listed = await Promise.all(
    filters.map((filter) => runCommand(['docker', 'volume', 'ls', '--filter', filter, '--format', '{{.Name}}'])),
  );
  const names = [...new Set(listed.flatMap(({ stdout }) => linesOf(stdout)))].filter((name) => !/^[0-9a-f]{64}$/.test(name)).sort();
  if (names.length === 0) return [];
  const paths = linesOf((await runCommand(['docker', 'volume', 'inspect', '--format', '{{.Mountpoint}}', ...names])).stdout);
  const sizes = await diskUse(paths);
  return names.map((name, index) => ({
    kind: 'volume',
    name,
    ...sized(sizes.get(paths[index] ?? '')),
    remove: `docker volume rm ${name}`,
  }));
};

const findFolders = async (root: string): Promise<Holding[]> => {
  const paths = ['node_modules', '.cache', 'runs'].map((name) => `${root}/${name}`);
  const sizes = await diskUse(paths);
  return paths
    .filter((path) => sizes.has(path))
    .map((path) => ({ kind: 'folder', name: path, ...sized(sizes.get(path)), remove: `rm -r "${path}"` }));
};

/** Path → bytes, for those that can be read. */
const diskUse = async (paths: readonly string[]): Promise<Map<string, string>> => {
  const { stdout } = await runCommand(['du', '-skD', '--', ...paths], { timeoutSeconds: 20 });
  return new Map(linesOf(stdout).map((line) => [line.replace(/^\d+\s+/, ''), String(Number.parseInt(line, 10) * 1024)]));
};

const sized = (text: string | undefined): { bytes?: number } => (text === undefined ? {} : { bytes: Number(text) });
