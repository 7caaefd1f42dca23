import test from 'ava';
import { parseRecipe } from '../../src/images/catalogue.ts';
import { podReference } from '../../src/images/recipe.ts';

const refuses = test.macro((t, text: string, message: RegExp) => {
  const error = t.throws(() => parseRecipe(text, 'images/some/image.yaml'), { message });
  t.is((error as Error & { code: string }).code, 'IMAGE001');
});

test('a file that is no YAML is refused with its line', refuses, 'about: a\nkind: [', /^images\/some\/image\.yaml:\d+: /);
test('an unknown kind is refused', refuses, 'about: a\nkind: rpm\nuse: build\n', /image\.yaml:2: kind: /);
test('an unknown key is refused', refuses, 'about: a\nkind: dockerfile\nuse: build\nform: [x]\n', /form/);
test(
  'a base image without a digest is refused',
  refuses,
  'about: a\nkind: debian\nuse: build\nsuite: trixie\nofficial: debian:trixie\n',
  /:5: official: .*digest/,
);
test('an image of pods without a tag is refused', refuses, 'about: a\nkind: dockerfile\nuse: pod\n', /tag/);
test('a tag on an image that no pod runs is refused', refuses, "about: a\nkind: dockerfile\nuse: container\ntag: '1'\n", /:4: tag/);
test(
  'a Go toolchain that is not pinned is refused',
  refuses,
  'about: a\nkind: go\nuse: build\ntoolchain: go1.25\ncgo: false\npackages: [a]\ncoldSeconds: 1\n',
  /:4: toolchain/,
);

test('an image of pods is known inside Kubernetes by its own tag', (t) => {
  const recipe = parseRecipe("{ about: a, kind: dockerfile, use: pod, tag: '3.10' }", 'test');
  t.is(podReference('pause', recipe), 'edgelab/pause:3.10');
});
