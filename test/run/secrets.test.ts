import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, testProp } from '@fast-check/ava';
import { LabError } from '../../src/lib/lab-error.ts';
import { up } from '../../src/run/run.ts';
import { grounded, images, lab, makeEngine, planOf, record, step } from './small-lab.ts';

/** How the secret comes to light, or tries to. */
const ways = ['later output', 'failing output', 'own stderr', 'own failure', 'own deadline', 'journal', 'container log'] as const;

testProp(
  'a captured secret is in no event, no error and no file of the bundle',
  [fc.stringMatching(/^[A-Za-z0-9.:_-]{8,60}$/), fc.constantFrom(...ways)],
  async (t, secret, way) => {
    const engine = makeEngine();
    const leak = `the token is ${secret} and ${secret}`;
    const own = { 'own failure': { code: 1 }, 'own deadline': { takes: 'forever' as const } }[way as string] ?? {};
    engine.when('cloud', 'get token').answers({ stdout: `${secret}\n`, stderr: way.startsWith('own') ? `${leak}\n` : '', ...own });
    engine.when('edge-1', 'use token').answers({ stdout: way === 'later output' ? `${leak}\n` : '' });
    engine.when('edge-1', 'fail').answers({ code: 1, stderr: leak, stdout: `${leak}\n` });
    engine.when('*', 'journalctl').answers({ stdout: `${leak}\n` });
    engine.when('*', 'fail').runs((call) => {
      engine.log('small', 'cloud', leak);
      return { code: 1, stderr: way === 'failing output' ? `${leak}\n${call.env.TOKEN ?? ''}` : '' };
    });
    const script = (text: string) => ({ text, env: { TOKEN: { capture: 'token' } } });
    const plan = planOf(
      step('get', {
        needs: grounded,
        capture: { name: 'token', secret: true },
        action: { do: 'exec', container: 'cloud', script: { text: 'get token' } },
      }),
      step('use', { needs: ['get'], action: { do: 'exec', container: 'edge-1', script: script('use token "$TOKEN"') } }),
      step('fail', { needs: ['use'], action: { do: 'wait', container: 'edge-1', script: script('fail') } }),
    );
    const { events, emit } = record();
    const runsDirectory = await mkdtemp(join(tmpdir(), 'edgelab-secrets-'));
    try {
      const signal = new AbortController().signal;
      const options = { lab, plan, topologyFile: '/t.yaml', engine, images, emit, signal, now: engine.clock.now, runsDirectory };
      const error = await t.throwsAsync(up(options), { instanceOf: LabError });
      const [bundle] = await readdir(runsDirectory);
      const files = (await readdir(join(runsDirectory, bundle!), { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
      const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')));
      t.true(texts.length > 10);
      t.false(JSON.stringify(events).includes(secret), 'event');
      t.false(JSON.stringify([error.message, error.details]).includes(secret), 'error');
      t.deepEqual(
        texts.filter((text) => text.includes(secret)),
        [],
        'bundle',
      );
    } finally {
      await rm(runsDirectory, { recursive: true });
    }
  },
  { numRuns: 40 },
);
