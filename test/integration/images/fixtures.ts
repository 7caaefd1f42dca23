/** Folders of recipes for tests on a real engine, and their removal. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { recipesFolder } from '../../../src/images/catalogue.ts';
import { runDocker, tryDocker } from '../../../src/host/docker-cli.ts';

export const clock = { now: () => Date.now(), sleep: async (milliseconds: number) => setTimeout(milliseconds) };

/** Path below the folder → content. */
export type Files = Readonly<Record<string, string>>;

export type Scratch = {
  /** A folder of its own for the test. */
  folder: string;
  /** Writes files below `folder`/images and returns that folder. */
  recipes: (files: Files) => Promise<string>;
};

/** Each image made from a scratch folder is removed when its test ends, and so is the folder. */
export const makeScratch = async (t: ExecutionContext, shared: readonly string[] = []): Promise<Scratch> => {
  const folder = await mkdtemp(join(tmpdir(), 'edgelab-test-'));
  const images = join(folder, 'images');
  const made = new Set<string>();
  for (const name of shared) await cp(join(recipesFolder, name), join(images, name), { recursive: true });
  t.teardown(async () => {
    await rm(folder, { recursive: true, force: true });
    for (const name of made) {
      const refs = await runDocker(['image', 'ls', `--filter=label=edgelab.image=${name}`, '--format={{.Repository}}:{{.Tag}}']);
      for (const ref of refs.split('\n').filter((line) => line !== '')) await tryDocker(['rmi', '--force', ref]);
    }
  });
  return {
    folder,
    recipes: async (files) => {
      for (const [path, content] of Object.entries(files)) {
        made.add(path.split('/')[0]!);
        await mkdir(dirname(join(images, path)), { recursive: true });
        await writeFile(join(images, path), content);
      }
      return images;
    },
  };
};

/** An image of one file from scratch. */
export const oneFile = (name: string, content: string, from: readonly string[] = []): Files => ({
  [`${name}/image.yaml`]: `{ about: test, kind: dockerfile, use: container, from: [${from.join(', ')}] }`,
  [`${name}/Dockerfile`]: [
    ...from.map((image) => `ARG ${image.replaceAll('-', '_')}`),
    from[0] === undefined ? 'FROM scratch' : `FROM \${${from[0].replaceAll('-', '_')}}`,
    `COPY file /${name}`,
    'CMD ["/nothing"]',
    '',
  ].join('\n'),
  [`${name}/file`]: content,
});

/** Content of a file of an image, whether or not anything in it can run. */
export const readFromImage = async (t: ExecutionContext, ref: string, path: string): Promise<string> => {
  const container = (await runDocker(['create', ref])).trim();
  t.teardown(() => tryDocker(['rm', '--force', container]));
  return runDocker(['cp', `${container}:${path}`, '-']);
};
