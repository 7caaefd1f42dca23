import test from 'ava';
import type { RequirementsTable } from '../../../src/model/requirements.ts';
import { drawRequirements, summarizeRequirements, writeRequirements } from '../../../src/report/report.ts';

const table: RequirementsTable = {
  requirements: [
    { id: 'RFC4787-1', level: 'MUST', text: 'map endpoints' },
    { id: 'RFC4787-7', level: 'MUST', text: 'bear equal addresses', untested: 'there are none' },
    { id: 'RFC5508-8', level: 'SHOULD', text: 'say why' },
  ],
  nats: ['full-cone', 'symmetric'],
  results: [
    { nat: 'full-cone', requirement: 'RFC4787-1', verdict: 'holds', seen: 'one endpoint' },
    { nat: 'symmetric', requirement: 'RFC4787-1', verdict: 'by design', seen: 'three endpoints', why: 'so it maps' },
    { nat: 'full-cone', requirement: 'RFC5508-8', verdict: 'not applicable', seen: 'nothing is forbidden' },
    { nat: 'symmetric', requirement: 'RFC5508-8', verdict: 'fails', seen: 'silence' },
  ],
};
const plain = { good: String, bad: String, quiet: String };

test('the matrix has a row for what was tried, and words for what is not as declared', (t) => {
  t.is(
    drawRequirements(table, plain, 2),
    `                   A B
RFC4787-1  MUST    + d  map endpoints
RFC5508-8  SHOULD  . F  say why

A full-cone
B symmetric

+ holds, d broken by design, . not applicable, F broken, P holds where it should not, ? not measured
RFC5508-8 fails for symmetric: silence
1 of 3 hold, 1 are broken by design, 1 are not as declared (2.0 s)`,
  );
  t.is(summarizeRequirements(table).mismatches.length, 1);
});

test('the page has reasons, examples and what was not tried', (t) => {
  const page = writeRequirements(table, 'edgelab nat requirements');
  t.true(page.includes('| RFC4787-1 | so it maps | symmetric |'));
  t.true(page.includes('| RFC4787-1 | one endpoint (full-cone) |'));
  t.true(page.includes('| RFC4787-7 | there are none |'));
});
