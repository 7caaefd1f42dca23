/** The part of the engines' contract about what a container's first process does before all else. */
import type { TestFn } from 'ava';
import type { FirstScript } from '../../src/engine/engine.ts';
import type { Answer, ExecCall } from '../../src/engine/fake/script.ts';
import { LabError } from '../../src/lib/lab-error.ts';
import { makeLab, type Subject, type TestLab } from './contract.ts';

const count = '/tmp/runs';

/** Text of a script, and what it gives, for engines that cannot run it. */
const scripts = {
  tells: {
    text: `echo run >> ${count}; printf '%s %s ' "$GREETING" "$(cat)"; ip -o -4 address show to "$CARRIER" | wc -l; echo oops >&2; exit 0`,
    inFake: ({ env, stdin }: ExecCall): Answer => ({ stdout: `${env['GREETING']} ${stdin} 1\n`, stderr: 'oops\n' }),
  },
  fails: {
    text: 'echo out; echo "it cannot be" >&2; exit 3',
    inFake: (): Answer => ({ code: 3, stdout: 'out\n', stderr: 'it cannot be\n' }),
  },
  lasts: { text: 'echo begun; sleep 600', inFake: (): Answer => ({ stdout: 'begun\n', takes: 'forever' }) },
};

export function firstScriptContract(test: TestFn, { engine, image, teach }: Subject): void {
  for (const { text, inFake } of Object.values(scripts)) teach?.(`/bin/sh -c ${text}`, inFake);
  teach?.(`cat ${count}`, () => ({ stdout: 'run\n' }));

  const ensure = async (lab: TestLab, first: Omit<FirstScript, 'env'> & { env?: Record<string, string> }, signal?: AbortSignal) => {
    await engine.ensureNetwork(lab, { name: 'lan', title: '' });
    const withCarrier = ({ lan = '' }: Readonly<Record<string, string>>): FirstScript => ({
      ...first,
      env: { ...first.env, CARRIER: lan },
    });
    return engine.ensureContainer(lab, lab.spec('router'), { image, first: withCarrier }, signal);
  };

  test('a first script gets its values and input, finds the interface by its carrier, and has ended when the container is there', async (t) => {
    const lab = makeLab(t, engine);
    const greeting = "it's $HOME\nand \\n";
    const { first } = await ensure(lab, { text: scripts.tells.text, env: { GREETING: greeting }, stdin: 'in "put" %s' });
    t.like(first, { code: 0, stdout: `${greeting} in "put" %s 1\n`, timedOut: false });
    t.is((await engine.list(lab.lab)).find(({ name }) => name === 'router')?.state, 'running');
  });

  test('each line of a first script is told', async (t) => {
    const lab = makeLab(t, engine);
    const told: string[] = [];
    await ensure(lab, { text: scripts.fails.text, onLine: (line, stream) => told.push(`${stream}:${line}`) });
    t.deepEqual(told.sort(), ['stderr:it cannot be', 'stdout:out']);
  });

  test('after a first script that failed the container has ended, and its outputs are told', async (t) => {
    const lab = makeLab(t, engine);
    const { first } = await ensure(lab, { text: scripts.fails.text });
    t.like(first, { code: 3, stdout: 'out\n', stderr: 'it cannot be\n' });
    t.is((await engine.list(lab.lab)).find(({ name }) => name === 'router')?.state, 'exited');
  });

  test('a first script is not run again at a restart, nor when the container is there', async (t) => {
    const lab = makeLab(t, engine);
    await ensure(lab, { text: scripts.tells.text });
    t.is((await ensure(lab, { text: scripts.tells.text })).first, undefined);
    await engine.power(lab.lab, 'router', 'kill');
    await engine.power(lab.lab, 'router', 'start');
    t.is((await engine.exec(lab.lab, 'router', ['cat', count])).stdout, 'run\n');
  });

  test('an abort during a first script rejects with its reason, and all can be removed', async (t) => {
    const lab = makeLab(t, engine);
    const stop = new AbortController();
    const reason = new LabError('INT001', 'stopped by the test');
    const running = ensure(lab, { text: scripts.lasts.text, onLine: () => stop.abort(reason) }, stop.signal);
    t.is(await t.throwsAsync(running), reason);
    t.like(await engine.remove(lab.lab), { containers: 1, networks: 1 });
  });
}
