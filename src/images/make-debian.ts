/** Base systems: the official Debian image by digest where it can be had, else the same made by mmdebstrap. */
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, runDocker, tailOf, tryDocker, type Argv } from '../host/host.ts';
import { LabError } from '../lib/lab-error.ts';
import { importTar } from './import-tar.ts';
import type { CatalogueEntry, DebianRecipe } from './recipe.ts';
import { addressOf, labelsOf, type Maker, type Workshop } from './workshop.ts';

type DebianEntry = CatalogueEntry & { recipe: DebianRecipe };

/** An unreachable registry is often silent rather than refusing. */
const pullLimitSeconds = 120;

/** Throws LabError IMAGE004 when neither way works, saying why each did not. */
export const makeDebian: Maker<DebianEntry> = async (entry, workshop, onLine) => {
  const refusal = await fetchOfficial(entry.recipe.official, workshop.signal);
  if (refusal === undefined) return labelOfficial(entry, workshop);
  onLine(`no ${entry.recipe.official.slice(0, 20)}… (${refusal}), making it by mmdebstrap`);
  await bootstrap(entry, workshop, onLine, refusal);
};

/** Undefined when the image is in the engine, else why it can't be had. */
const fetchOfficial = async (official: string, signal: AbortSignal | undefined): Promise<string | undefined> => {
  const options = signal ? { signal } : {};
  if ((await tryDocker(['image', 'inspect', '--format', '{{.Id}}', official], options)).code === 0) return undefined;
  const { code, stderr } = await tryDocker(['pull', '--quiet', official], { ...options, timeoutSeconds: pullLimitSeconds });
  if (code === 0) return undefined;
  return code === 124 ? `the registry was silent for ${pullLimitSeconds} s` : tailOf(stderr).split('\n').at(-1);
};

/** The official image as it is, under our name. Commits a container that never ran: no builder and no context needed. */
const labelOfficial = async ({ name, recipe }: DebianEntry, workshop: Workshop): Promise<void> => {
  const options = workshop.signal ? { signal: workshop.signal } : {};
  const container = (await runDocker(['create', recipe.official, 'true'], options)).trim();
  const changes = Object.entries(labelsOf(workshop, name)).map(([key, value]) => `--change=LABEL ${key}=${value}`);
  try {
    await runDocker(['commit', ...changes, '--change=CMD ["bash"]', container, addressOf(workshop, name).ref], options);
  } finally {
    await tryDocker(['rm', '--force', '--volumes', container]);
  }
};

const bootstrap = async (entry: DebianEntry, workshop: Workshop, onLine: (line: string) => void, refusal: string): Promise<void> => {
  const scratch = await mkdtemp(join(tmpdir(), 'edgelab-base-'));
  const lines: string[] = [];
  const keep = (line: string): void => {
    lines.push(line);
    onLine(line);
  };
  try {
    await unpackPackage('mmdebstrap', scratch, workshop.signal);
    const keyring = await findKeyring(scratch, workshop.signal);
    await importTar(mmdebstrapCommand(entry.recipe.suite, scratch, keyring), entry.name, workshop, keep);
  } catch (error) {
    workshop.signal?.throwIfAborted();
    if (!(error instanceof LabError)) throw error;
    throw new LabError('IMAGE004', `no base system for ${entry.name}: the registry says "${refusal}", and ${error.message}`, {
      ...error.details,
      ...(lines.length > 0 && { outputTail: tailOf(lines.join('\n')) }),
      hint: `make a registry with ${entry.recipe.official} reachable, run on Debian or Ubuntu, or load a bundle: edgelab images load FILE`,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

/** Unpacks a package of this Debian or Ubuntu into the scratch folder; nothing is installed. */
const unpackPackage = async (name: string, scratch: string, signal: AbortSignal | undefined): Promise<void> => {
  const options = { cwd: scratch, ...(signal && { signal }) };
  // As root, apt drops to a user who must be able to write here.
  const download: Argv = ['apt-get', '--quiet', '-o', 'APT::Sandbox::User=root', 'download', name];
  let result = await runCommand(download, options);
  if (result.code !== 0 && result.code !== 127) {
    // A fresh machine has no package lists yet: fetch them into the scratch folder, not into the host's.
    const own = ['-o', `Dir::State::lists=${join(scratch, 'lists')}`, '-o', `Dir::Cache=${join(scratch, 'cache')}`] as const;
    await runCommand(['apt-get', '--quiet', ...own, '-o', 'APT::Sandbox::User=root', 'update'], options);
    result = await runCommand([...download, ...own], options);
  }
  signal?.throwIfAborted();
  const archive = (await readdir(scratch)).find((file) => file.startsWith(`${name}_`));
  if (result.code !== 0 || archive === undefined) {
    const why = result.code === 127 ? 'this is no Debian or Ubuntu machine (no apt-get)' : `apt-get could not download ${name}`;
    throw new LabError('IMAGE004', why, { command: download.join(' '), outputTail: tailOf(result.stderr) });
  }
  await runCommand(['dpkg-deb', '--extract', archive, '.'], options);
};

const findKeyring = async (scratch: string, signal: AbortSignal | undefined): Promise<string> => {
  const path = 'usr/share/keyrings/debian-archive-keyring.gpg';
  const ofHost = await access(`/${path}`).then(
    () => true,
    () => false,
  );
  if (ofHost) return `/${path}`;
  await unpackPackage('debian-archive-keyring', scratch, signal);
  return join(scratch, path);
};

const leftOut = ['doc', 'man', 'locale', 'info', 'lintian'];

const mmdebstrapCommand = (suite: string, scratch: string, keyring: string): Argv => [
  'perl',
  join(scratch, 'usr/bin/mmdebstrap'),
  '--variant=minbase',
  '--format=tar',
  // Without it Debian 12 gets usrmerge, and with that all of Perl.
  `--hook-dir=${join(scratch, 'usr/share/mmdebstrap/hooks/maybe-merged-usr')}`,
  `--keyring=${keyring}`,
  '--aptopt=Acquire::Languages "none"',
  '--aptopt=APT::Install-Recommends "false"',
  '--dpkgopt=force-unsafe-io',
  // Given as --dpkgopt they would need the host's Python during the bootstrap.
  `--customize-hook=rm -rf ${leftOut.map((folder) => `"$1"/usr/share/${folder}/*`).join(' ')}`,
  `--customize-hook=printf '${leftOut.map((folder) => `path-exclude=/usr/share/${folder}/*\\n`).join('')}' > "$1"/etc/dpkg/dpkg.cfg.d/edgelab`,
  // Its own mirrors, with those for updates and security.
  suite,
  '-',
];
