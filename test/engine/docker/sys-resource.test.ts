import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readSysResource } from '../../../src/engine/docker/sys-resource.ts';

async function makeProc(t: ExecutionContext, processes: readonly [name: string, capabilities: string][]): Promise<string> {
  const proc = await mkdtemp(join(tmpdir(), 'edgelab-'));
  t.teardown(() => rm(proc, { recursive: true }));
  for (const [i, [name, capabilities]] of processes.entries()) {
    await mkdir(join(proc, String(i + 1)));
    await writeFile(join(proc, String(i + 1), 'status'), `Name:\t${name}\nUmask:\t0022\nCapEff:\t${capabilities}\n`);
  }
  return proc;
}

const reads = test.macro(async (t, processes: [string, string][], expected: boolean | null) => {
  t.is(await readSysResource(await makeProc(t, processes)), expected);
});

test('a daemon with all capabilities has it', reads, [['bash', '0000000000000000'], ['dockerd', '000001ffffffffff']], true); // prettier-ignore
test('a daemon without bit 24 has it not', reads, [['dockerd', '000001fffeffffff']], false);
test('no daemon to be seen tells nothing', reads, [['bash', '000001ffffffffff']], null);
test('two daemons that differ tell nothing', reads, [['dockerd', '000001ffffffffff'], ['dockerd', '000001fffeffffff']], null); // prettier-ignore
