/** edgelab killed half-way: `down` needs neither the process nor the topology file to clean up. */
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { execa } from 'execa';
import { checkout, edgelab, hostState, leftovers } from './support.ts';

test.after.always(() => edgelab('down', 'two-lans'));

test.serial('after kill -9 in the middle of up, down leaves nothing', async (t) => {
  await edgelab('down', 'two-lans');
  const before = await hostState();
  const up = execa(`${checkout}edgelab`, ['up', 'two-lans'], { cwd: checkout, reject: false, stdin: 'ignore', detached: true });
  // half-way: some nodes exist, the installation runs
  const halfWay = async (): Promise<string> => {
    for (let tries = 0; tries < 600 && (await leftovers('two-lans')).length < 6; tries++) await sleep(100);
    return (await leftovers('two-lans')).length >= 6 ? 'half-way' : 'nothing was there to be killed';
  };
  t.is(await Promise.race([halfWay(), up.then(({ stderr }) => `up ended by itself: ${stderr}`)]), 'half-way');
  process.kill(-(up.pid ?? t.fail('no pid')), 'SIGKILL');
  await up;
  const { exitCode, stderr } = await edgelab('down', 'two-lans');
  t.is(exitCode, 0, stderr as string);
  t.deepEqual(await leftovers('two-lans'), []);
  t.deepEqual(await hostState(), before);
});
