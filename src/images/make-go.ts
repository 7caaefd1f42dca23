/** Images of compiled Go programs: a builder container with cached volumes, whose /out becomes the image. */
import { access } from 'node:fs/promises';
import { runDocker, tailOf, tryDocker } from '../host/host.ts';
import { LabError } from '../lib/lab-error.ts';
import { madeByAnother } from './another-edgelab.ts';
import { compileScript } from './compile-script.ts';
import { compilerMemory } from './compiler-memory.ts';
import { importTar } from './import-tar.ts';
import { localImages } from './local-images.ts';
import { builderName, type CatalogueEntry, type GoRecipe } from './recipe.ts';
import { addressOf, type Maker, type Workshop } from './workshop.ts';

/**
 * Shares of the processors: one compiler goes first, another beside it takes what that one leaves while it downloads or links.
 * With equal shares both would compile the packages they have in common, Go's own among them, at the same time.
 */
const weights = { first: 1024, beside: 32 };

type GoEntry = CatalogueEntry & { recipe: GoRecipe };

/** Certificates this machine trusts: behind a proxy that inspects TLS they have one more than Debian's. */
const trustedCertificates = '/etc/ssl/certs/ca-certificates.crt';
const copiedCertificates = '/trusted-certificates.crt';

/**
 * Compiles in a container that is named after the image's address, so that of two edgelabs one compiles and the other waits. IMAGE001
 * with the end of the compiler's output.
 */
export const makeGo: Maker<GoEntry> = async (entry, workshop, onLine) => {
  const { signal } = workshop;
  const options = signal ? { signal } : {};
  const container = `edgelab-build-${addressOf(workshop, entry.name)
    .ref.replace(/^edgelab\//, '')
    .replace(':', '-')}`;
  const remove = (): Promise<unknown> => tryDocker(['rm', '--force', '--volumes', container]);
  const isThere = async (): Promise<true | undefined> =>
    (await localImages(signal)).has(addressOf(workshop, entry.name).ref) ? true : undefined;
  if (await madeByAnother(container, isThere, onLine, signal)) return;
  await remove();
  // Ending the docker client would leave the compiler running, so a cancelled build loses its container first.
  const cancel = (): void => void remove();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const trusted = await access(trustedCertificates).then(
      () => true,
      () => false,
    );
    await runDocker(createArguments(container, entry, workshop, trusted), { ...options, env: workshop.settings });
    for (const folder of [entry.folder, ...(entry.versionFolder === undefined ? [] : [entry.versionFolder])])
      await runDocker(['cp', `${folder}/.`, `${container}:/src/`], options);
    if (trusted) await runDocker(['cp', '--follow-link', trustedCertificates, `${container}:${copiedCertificates}`], options);
    await compile(container, entry.name, workshop, onLine);
    await importTar(['docker', 'cp', `${container}:/out/.`, '-'], entry.name, workshop, onLine);
  } finally {
    signal?.removeEventListener('abort', cancel);
    await remove();
  }
};

const createArguments = (container: string, entry: GoEntry, workshop: Workshop, trusted: boolean): string[] => {
  const { recipe } = entry;
  const environment = {
    GOPATH: '/go',
    GOCACHE: '/cache',
    GOFLAGS: '-trimpath -mod=readonly -buildvcs=false',
    GOTOOLCHAIN: recipe.toolchain,
    CGO_ENABLED: recipe.cgo ? '1' : '0',
    ...compilerMemory(),
    // Without debug information, which the linker drops.
    CGO_CFLAGS: '-O2',
    ...(trusted && { SSL_CERT_FILE: copiedCertificates }),
  };
  return [
    'create',
    `--name=${container}`,
    `--label=edgelab.build=${entry.name}`,
    `--cpu-shares=${weights.beside}`,
    `--volume=${workshop.caches.modules}:/go/pkg/mod`,
    `--volume=${workshop.caches.builds}:/cache`,
    '--workdir=/src',
    ...Object.entries(environment).map(([name, value]) => `--env=${name}=${value}`),
    // Without a value docker takes it from its environment, which keeps a proxy's password out of command lines.
    ...Object.keys(workshop.settings).map((name) => `--env=${name}`),
    addressOf(workshop, builderName).ref,
    'sh',
    '-c',
    compileScript(recipe),
  ];
};

const compile = async (container: string, name: string, { inFront, signal }: Workshop, onLine: (line: string) => void): Promise<void> => {
  const compiled = tryDocker(['start', '--attach', container], { onLine });
  const front = async (): Promise<void> => {
    await tryDocker(['update', `--cpu-shares=${weights.first}`, container]);
    await compiled;
  };
  // What goes wrong with the compiler is told below.
  inFront(front).catch(() => undefined);
  const { code, stdout, stderr } = await compiled;
  signal?.throwIfAborted();
  if (code === 0) return;
  throw new LabError('IMAGE001', `the programs of ${name} could not be compiled`, {
    step: `compile ${name}`,
    outputTail: tailOf(`${stdout}\n${stderr}`),
  });
};
