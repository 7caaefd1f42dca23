import test from 'ava';
import { makeRoom, wantsRoom } from '../../src/cli/make-room.ts';
import { LabError } from '../../src/lib/lab-error.ts';

const full = new LabError('HOST010', 'inotify instances: 69 free of 128');

const machineWith = (labs: string[], error: Error) => ({
  attempt: () => (labs.length === 0 ? Promise.resolve('up') : Promise.reject(error)),
  giveWay: () => Promise.resolve(labs.splice(0).length > 0),
});

test('labs that are done with give way when there is no room', async (t) => {
  const labs = ['two-lans'];
  const { attempt, giveWay } = machineWith(labs, full);
  const wants: LabError[] = [];
  t.is(await makeRoom(attempt, (want) => (wants.push(want), giveWay())), 'up');
  t.deepEqual(labs, []);
  t.deepEqual(wants, [full], 'so that it can be said why');
});

test('nothing gives way to a lab that has room, or that fails for another reason', async (t) => {
  const other = new LabError('HOST003', 'no nf_tables');
  const labs = ['two-lans'];
  const { attempt, giveWay } = machineWith(labs, other);
  t.is(await t.throwsAsync(makeRoom(attempt, giveWay)), other);
  t.deepEqual(labs, ['two-lans']);
  t.is(await makeRoom(() => Promise.resolve('up'), giveWay), 'up');
  t.deepEqual(labs, ['two-lans']);
});

test('without a lab that can give way the want of room is told', async (t) => {
  t.is(
    await t.throwsAsync(
      makeRoom(
        () => Promise.reject(full),
        () => Promise.resolve(false),
      ),
    ),
    full,
  );
});

test('what this machine lacks is told from an engine that does not answer', (t) => {
  t.deepEqual([full, new LabError('ENGINE001', 'no answer'), new Error('x')].map(wantsRoom), [true, false, false]);
});
