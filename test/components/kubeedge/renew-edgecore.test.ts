import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { kubeedge } from '../../../src/components/kubeedge/kubeedge.ts';
import { exampleLabs } from '../../plan/labs.ts';

const { lab } = exampleLabs.find(({ name }) => name === 'two-lans')!;
const lost = (pid: number): string => `Nov 29 02:33:01 edge-a1 edgecore[${pid}]: W1129 no goroutine is ready for receive the message`;

/** The cure of one edge on a node whose journal says `lines`; each start gives edgecore the next process id, from 100. */
const cure = async (lines: readonly string[]): Promise<{ said: string[]; starts: number }> => {
  const folder = await mkdtemp(join(tmpdir(), 'edgelab-cure-'));
  const program = async (name: string, text: string): Promise<void> => {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  };
  try {
    await writeFile(join(folder, 'journal'), `${lines.join('\n')}\n`);
    await writeFile(join(folder, 'pid'), '100\n');
    await program('journalctl', `cat '${folder}/journal'`);
    await program(
      'systemctl',
      `case $1 in
  show) cat '${folder}/pid' ;;
  restart) pid=$(cat '${folder}/pid'); echo $((pid + 1)) > '${folder}/pid' ;;
esac`,
    );
    const [first] = kubeedge.cures?.(lab) ?? [];
    const { stdout } = await execa('/bin/sh', ['-c', first!.script.text], {
      env: { ...first!.script.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    });
    const starts = Number(await readFile(join(folder, 'pid'), 'utf8')) - 100;
    return { said: stdout.split('\n').filter((line) => line !== ''), starts };
  } finally {
    await rm(folder, { recursive: true });
  }
};

test('each edge is cured from when it has joined', (t) => {
  t.deepEqual(
    kubeedge.cures?.(lab).map(({ container, after }) => [container, after]),
    ['edge-a1', 'edge-a2', 'edge-b1'].map((edge) => [edge, `kubeedge:join:${edge}`]),
  );
});

test('an edgecore that lost answers is started anew once, and that is said', async (t) => {
  const said = ['edgecore on edge-a1 lost one of its own answers, and was started anew'];
  t.deepEqual(await cure(['Nov 29 02:33:00 edge-a1 edgecore[100]: started', lost(100), lost(100)]), { said, starts: 1 });
});

test('what an edgecore lost that has ended is past', async (t) => {
  t.deepEqual(await cure([lost(99)]), { said: [], starts: 0 });
});

test('one that loses answers again and again is left alone after three times', async (t) => {
  t.is((await cure([100, 101, 102, 103, 104].map(lost))).starts, 3);
});
