import test from 'ava';
import { runDocker } from '../../../src/host/docker-cli.ts';
import { ensureImages, listImages, type ImageEvent } from '../../../src/images/images.ts';
import { LabError } from '../../../src/lib/lab-error.ts';
import { until } from '../../../src/lib/until.ts';
import { versions } from '../../../src/lib/versions.ts';
import { clock, makeScratch, oneFile, readFromImage } from './fixtures.ts';

const names = (events: readonly ImageEvent[], phase: string): string[] =>
  events.filter((event) => event.phase === phase).map(({ image }) => image);

test('an image is built once, labelled with its inputs, and again only after a change', async (t) => {
  const scratch = await makeScratch(t);
  const folder = await scratch.recipes({ ...oneFile('test-below', 'one'), ...oneFile('test-above', 'two', ['test-below']) });
  const events: ImageEvent[] = [];
  const options = { folder, onEvent: (event: ImageEvent) => void events.push(event) };

  const first = (await ensureImages(['test-above'], options)).get('test-above')!;
  t.deepEqual(names(events, 'done'), ['test-below', 'test-above']);
  const inputs = await runDocker(['image', 'inspect', '--format={{index .Config.Labels "edgelab.inputs"}}', first]);
  t.is(first, `edgelab/test-above:${inputs.slice(0, 12)}`);

  events.length = 0;
  t.is((await ensureImages(['test-above'], options)).get('test-above'), first);
  t.deepEqual(events, []);

  await scratch.recipes(oneFile('test-below', 'three'));
  const changed = (await ensureImages(['test-above'], options)).get('test-above')!;
  t.not(changed, first);
  t.deepEqual(names(events, 'done'), ['test-below', 'test-above']);
  t.regex(await readFromImage(t, changed, '/test-below'), /three/);
});

test('what is there and what is missing is listed', async (t) => {
  const scratch = await makeScratch(t);
  const folder = await scratch.recipes({ ...oneFile('test-here', 'here'), ...oneFile('test-missing', 'missing') });
  await ensureImages(['test-here'], { folder });
  const listed = await listImages({ folder });
  t.deepEqual(
    listed.map(({ name, present }) => [name, present]),
    [
      ['test-here', true],
      ['test-missing', false],
    ],
  );
  t.is(listed[0]?.sizeBytes, 'here'.length);
});

test('a build that fails says which image, with the end of its output', async (t) => {
  const scratch = await makeScratch(t);
  const folder = await scratch.recipes({
    'test-broken/image.yaml': '{ about: test, kind: dockerfile, use: container }',
    'test-broken/Dockerfile': 'FROM scratch\nCOPY no-such-file /\n',
  });
  const error = await t.throwsAsync(ensureImages(['test-broken'], { folder }), { instanceOf: LabError });
  t.is(error.code, 'IMAGE001');
  t.regex(error.message, /test-broken/);
  t.regex(error.details.outputTail ?? '', /no-such-file/);
});

const goRecipe = (module: string) => ({
  'test-go/image.yaml': [
    'about: test',
    'kind: go',
    'use: container',
    'toolchain: local',
    'cgo: true',
    'coldSeconds: 5',
    'packages: [example.org/test-go]',
    'rename: { test-go: hello }',
    'stamps: { main.version: v1.2.3 }',
    '',
  ].join('\n'),
  'test-go/go.mod': 'module example.org/test-go\n\ngo 1.24\n',
  'test-go/go.sum': '',
  'test-go/main.go': module,
});

test('a Go recipe becomes an image of static programs with their stamps', async (t) => {
  const scratch = await makeScratch(t, ['base-trixie', 'builder']);
  const folder = await scratch.recipes(
    goRecipe(
      'package main\n\n// int three(void) { return 3; }\nimport "C"\nimport "fmt"\n\nvar version = "none"\n\nfunc main() { fmt.Println(version, C.three()) }\n',
    ),
  );
  const ref = (await ensureImages(['test-go'], { folder })).get('test-go')!;
  t.is(await runDocker(['run', '--rm', ref, '/bin/hello']), 'v1.2.3 3');
});

test('each version of a Go recipe is compiled from its own folder, and they lie side by side', async (t) => {
  const scratch = await makeScratch(t, ['base-trixie', 'builder']);
  const saying = (what: string): string =>
    `package main\n\nimport "fmt"\n\nvar version = "none"\n\nfunc main() { fmt.Println(version, "${what}") }\n`;
  const { 'test-go/main.go': _, 'test-go/image.yaml': recipe, ...modules } = goRecipe('');
  const [usual, other] = versions.kubernetes;
  const folder = await scratch.recipes({
    ...modules,
    'test-go/image.yaml': recipe.replace('cgo: true', 'cgo: false').replace('v1.2.3', 'v{kubernetes}'),
    [`test-go/${usual}/main.go`]: saying('usual'),
    [`test-go/${other}/main.go`]: saying('other'),
  });
  const build = async (kubernetes?: string) =>
    (await ensureImages(['test-go'], { folder, ...(kubernetes !== undefined && { versions: { kubernetes } }) })).get('test-go')!;
  const refs = [await build(), await build(other)] as const;
  t.not(refs[0], refs[1]);
  const said = (ref: string) => runDocker(['run', '--rm', ref, '/bin/hello']);
  t.deepEqual([await said(refs[0]), await said(refs[1])], [`v${usual} usual`, `v${other} other`]);
});

test('a program that does not compile is an error with the words of the compiler, and no container is left', async (t) => {
  const scratch = await makeScratch(t, ['base-trixie', 'builder']);
  const folder = await scratch.recipes(goRecipe('package main\n\nfunc main() { undefinedFunction() }\n'));
  const error = await t.throwsAsync(ensureImages(['test-go'], { folder }), { instanceOf: LabError });
  t.regex(error.details.outputTail ?? '', /undefined: undefinedFunction/);
  t.is(await runDocker(['ps', '--all', '--quiet', '--filter=label=edgelab.build=test-go']), '');
});

test('a cancelled build ends soon and leaves no container', async (t) => {
  const scratch = await makeScratch(t, ['base-trixie']);
  const folder = await scratch.recipes({
    'test-slow/image.yaml': '{ about: test, kind: dockerfile, use: container, from: [base-trixie] }',
    'test-slow/Dockerfile': 'ARG base_trixie\nFROM ${base_trixie}\nRUN echo waiting && sleep 300\n',
  });
  const controller = new AbortController();
  const onEvent = ({ line }: ImageEvent): void => {
    // The classic builder prints the line as it is, BuildKit with a number and a time before it.
    if (line !== undefined && /(^|\d )waiting$/.test(line.trim())) controller.abort(new Error('stop'));
  };
  const startedAt = performance.now();
  await t.throwsAsync(ensureImages(['test-slow'], { folder, onEvent, signal: controller.signal }), { message: 'stop' });
  t.true(performance.now() - startedAt < 60_000);
  // The engine takes a moment to notice that nobody waits any more.
  const gone = async (): Promise<true | undefined> =>
    (await runDocker(['ps', '--no-trunc', '--format={{.Command}}'])).includes('sleep 300') ? undefined : true;
  t.true(await until(gone, { clock, limitSeconds: 30 }));
});
