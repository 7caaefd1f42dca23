import test from 'ava';
import { groupByLab, isDone } from '../../src/cli/run-scenarios.ts';
import { runEdgelab } from './fake-cli.ts';

const labs = ['two-lans', 'mesh', 'mesh', 'edge'];

test('of named scenarios all labs stay', (t) => {
  for (const [index] of labs.entries()) t.false(isDone('all', labs, index, index + 1));
});

test('of the main job the first lab stays, or the last where it had to give way', (t) => {
  const job = ['two-lans', 'mesh', 'edge'];
  t.deepEqual(
    job.map((_, index) => isDone('one', job, index, index === 0 ? 1 : 2)),
    [false, true, true],
  );
  t.false(isDone('one', job, 2, 1));
});

test('of all scenarios no lab stays, and each goes with its last scenario', (t) => {
  t.deepEqual(
    labs.map((_, index) => isDone('none', labs, index, 1)),
    [true, false, true, true],
  );
});

test('scenarios of one lab come next to each other, disruptive ones last', (t) => {
  const jobs = ['a!', 'b', 'c', 'd!', 'e'].map((name) => ({
    ...{ name, scenario: { disruptive: name.endsWith('!') } },
    topology: { lab: { name: name === 'b' ? 'other' : 'lab' } },
  }));
  t.deepEqual(
    groupByLab(jobs).map(({ name }) => name),
    ['c', 'e', 'a!', 'd!', 'b'],
  );
});

test('a topology for scenarios that are not named is refused', async (t) => {
  const { code, stderr } = await runEdgelab(['run', '--topology', 'two-lans']);
  t.is(code, 2);
  t.regex(
    stderr,
    /^error CLI001 --topology without a scenario\n {2}hint: name those to run there: edgelab run question-1 --topology two-lans/,
  );
});

test('a scenario on a topology without what it needs is refused before anything is made', async (t) => {
  const { code, stderr } = await runEdgelab(['run', 'question-1', '--topology', 'hosts-only']);
  t.is(code, 2);
  t.regex(stderr, /^error SCEN002 .*kubernetes/);
});

test('names beside --all are refused', async (t) => {
  const { code, stderr } = await runEdgelab(['run', 'question-1', '--all']);
  t.is(code, 2);
  t.regex(stderr, /^error CLI001 "question-1" beside --all\n {2}hint: name scenarios, or say --all/);
});
