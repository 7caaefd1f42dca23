import test from 'ava';
import { parseRecipe } from '../../src/images/catalogue.ts';
import { compileScript } from '../../src/images/compile-script.ts';
import type { GoRecipe } from '../../src/images/recipe.ts';

const script = (more: string): string =>
  compileScript(
    parseRecipe(
      `{ about: a, kind: go, use: build, toolchain: local, packages: [example.org/a, example.org/b], coldSeconds: 1, ${more} }`,
      'test',
    ) as GoRecipe,
  );

test('all packages are compiled by one call of the compiler', (t) => {
  t.regex(script('cgo: false'), /'go' 'build' .*'example\.org\/a' 'example\.org\/b'/);
  t.is(script('cgo: false').match(/'build'/g)?.length, 1);
});

test('programs with C code are linked statically and resolve names in Go', (t) => {
  t.regex(script('cgo: true, tags: [x]'), /'-tags' 'netgo,osusergo,x' .*-linkmode=external -extldflags=-static/);
  t.notRegex(script('cgo: false'), /extldflags/);
});

test('a stamp becomes a linker flag', (t) => {
  t.regex(script('cgo: false, stamps: { example.org/v.Version: v1.2 }'), /-X example\.org\/v\.Version=v1\.2/);
});

test('a quote in a recipe stays one word of the shell', (t) => {
  t.true(script(`cgo: false, rename: { "it's": b }`).includes(`mv '/out/bin/it'\\''s' '/out/bin/b'`));
});

test('files come out of the module, wherever Go keeps it', (t) => {
  const text = script('cgo: false, files: [{ module: example.org/m, source: doc/x.yml, to: manifests/x.yml }]');
  t.regex(
    text,
    /go list -m .* 'example\.org\/m'\); mkdir -p '\/out\/manifests'; cp -r --no-preserve=mode "\$folder"\/'doc\/x\.yml' '\/out\/manifests\/x\.yml'/,
  );
});
