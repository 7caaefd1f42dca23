import test from 'ava';
import { everyChoice, filesOf, inVersion } from '../../src/images/in-version.ts';
import { versions } from '../../src/lib/versions.ts';

const [usual, other] = versions.kubernetes;

test('a recipe says where its version belongs, and without a choice it is the default', (t) => {
  const text = "tag: v{kubernetes}\nstamps: { m: '{kubernetes.minor}' }\n";
  t.deepEqual(inVersion(text, {}), { text: `tag: v${usual}\nstamps: { m: '32' }\n`, version: usual });
  t.deepEqual(inVersion(text, { kubernetes: other }), { text: `tag: v${other}\nstamps: { m: '31' }\n`, version: other });
});

test('a recipe without a component is as it is, braces of YAML and all', (t) => {
  const text = '{ about: test, kind: dockerfile, use: build, from: [base] }\nrename: {flannel}\n';
  t.deepEqual(inVersion(text, { kubernetes: other }), { text });
});

const file = (path: string) => ({ path, executable: false, content: Buffer.from(path) });

test('files of a version lie beside those of all, and those of others are not there', (t) => {
  const files = ['1.1.9/go.mod', '1.2.3/go.mod', '1.2.3/sub/file', 'image.yaml'].map(file);
  const read = (version: string) => filesOf(files, version).map(({ path, content }) => `${path}=${content.toString()}`);
  t.deepEqual(read('1.2.3'), ['go.mod=1.2.3/go.mod', 'image.yaml=image.yaml', 'sub/file=1.2.3/sub/file']);
  t.deepEqual(read('1.1.9'), ['go.mod=1.1.9/go.mod', 'image.yaml=image.yaml']);
});

test('every version meets every other', (t) => {
  const choices = everyChoice();
  t.is(choices.length, versions.kubernetes.length * versions.kubeedge.length);
  t.is(new Set(choices.map((choice) => JSON.stringify(choice))).size, choices.length);
});
