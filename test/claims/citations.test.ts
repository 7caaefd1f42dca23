import test from 'ava';
import { listClaims, listImports } from '../../src/claims/claims.ts';

test('ids are found where the program has them, not in comments', (t) => {
  const text = `
/** Claims S000-Q2-0 to S000-Q2-11. */
// S001-EM-1 is for another file
expect.that(true, 'x', { claims: ['S004-11', isEdge ? 'S001-EM-7' : 'S001-EM-5'], refutes: ['S000-Q1-5'] }); // S002-1
expect.that(true, 'y', { claims: ['S004-11'] });`;
  t.deepEqual(listClaims(text), ['S004-11', 'S001-EM-7', 'S001-EM-5', 'S000-Q1-5', 'S002-1']);
});

test('a scenario is all files it imports', (t) => {
  const text = `import { scenario } from 'edgelab';\nimport { a } from './q/a.ts';\nexport { b } from '../b.ts';`;
  t.deepEqual(
    listImports(text, new URL('file:///s/q.ts')).map(({ pathname }) => pathname),
    ['/s/q/a.ts', '/b.ts'],
  );
});
