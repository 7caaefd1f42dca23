/** Images with a Dockerfile: `docker build` on the recipe's folder, with the images it starts from as build arguments. */
import { builderEnvironment, tailOf, tryDocker } from '../host/host.ts';
import { LabError } from '../lib/lab-error.ts';
import type { CatalogueEntry, DockerfileRecipe } from './recipe.ts';
import { addressOf, labelsOf, type Maker, type Workshop } from './workshop.ts';

type DockerfileEntry = CatalogueEntry & { recipe: DockerfileRecipe };

/** IMAGE001 with the end of the build's output. */
export const makeDockerfile: Maker<DockerfileEntry> = async (entry, workshop, onLine) => {
  const { signal } = workshop;
  const args = buildArguments(entry, workshop);
  const env = { ...workshop.settings, ...(await builderEnvironment(signal)) };
  const { code, stdout, stderr } = await tryDocker(args, { env, onLine, ...(signal && { signal }) });
  if (code === 0) return;
  throw new LabError('IMAGE001', `the image ${entry.name} could not be built`, {
    step: `build ${entry.name}`,
    command: `docker ${args.join(' ')}`,
    outputTail: tailOf(`${stdout}\n${stderr}`),
  });
};

/** Name of the build argument that carries an image: `go-etcd` → `go_etcd`. */
export const argumentName = (image: string): string => image.replaceAll('-', '_');

const buildArguments = ({ name, folder, recipe }: DockerfileEntry, workshop: Workshop): string[] => [
  'build',
  '--force-rm',
  `--tag=${addressOf(workshop, name).ref}`,
  ...Object.entries(labelsOf(workshop, name)).map(([key, value]) => `--label=${key}=${value}`),
  ...recipe.from.map((image) => `--build-arg=${argumentName(image)}=${addressOf(workshop, image).ref}`),
  // Without a value docker takes it from its environment, which keeps a proxy's password out of command lines.
  ...Object.keys(workshop.settings)
    .filter((setting) => setting.toUpperCase().endsWith('_PROXY'))
    .map((setting) => `--build-arg=${setting}`),
  folder,
];
