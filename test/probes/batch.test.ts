import test from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { execa } from 'execa';
import { anyArgument } from '../lib/any-text.ts';
import { makeBatch, readBatch, readTranslations } from '../../src/probes/probes.ts';
import { recorded } from '../evidence/recordings.ts';

/** Runs the script with the shell of this machine; without pods it needs no namespace. */
const run = async (probes: Parameters<typeof makeBatch>[0], limitSeconds = 10) => {
  const { stdout } = await execa('sh', { input: makeBatch(probes, limitSeconds), stripFinalNewline: false, reject: false });
  return readBatch(stdout, probes.length);
};

test('results come back by probe, with code, output and errors apart', async (t) => {
  const results = await run([
    { argv: ['sh', '-c', 'printf out; printf err >&2; exit 7'] },
    { argv: ['sleep', '0'] },
    { argv: ['no-such-program'] },
  ]);
  t.deepEqual(results[0], { code: 7, stdout: 'out\n', stderr: 'err\n' });
  t.deepEqual(results[1], { code: 0, stdout: '', stderr: '' });
  t.is(results[2]?.code, 127);
});

test('probes run side by side, and one that hangs is ended', async (t) => {
  const began = Date.now();
  const results = await run([{ argv: ['sleep', '30'] }, { argv: ['sleep', '30'] }, { argv: ['echo', 'quick'] }], 1);
  t.deepEqual(
    results.map((result) => result?.code),
    [124, 124, 0],
  );
  t.true(Date.now() - began < 10_000);
});

test('a pod without a network namespace on the node has a result that no reader takes for "blocked"', async (t) => {
  const [result] = await run([{ argv: ['ping', '192.0.2.1'], pod: '192.0.2.77' }]);
  t.is(result?.code, 240);
  t.regex(result?.stderr ?? '', /no network namespace has 192\.0\.2\.77/);
});

testProp(
  'any argument reaches the probe unchanged',
  [fc.array(anyArgument(), { minLength: 1, maxLength: 6 })],
  async (t, words) => {
    const [result] = await run([{ argv: ['sh', '-c', 'for word; do printf "%s\\n--\\n" "$word"; done', 'sh', ...words] }]);
    t.is(result?.stdout, words.map((word) => `${word}\n--\n`).join(''));
  },
  { numRuns: 25 },
);

test('a pod probe enters the namespace found for its address, a resolver replaces resolv.conf', (t) => {
  const script = makeBatch(
    [
      { argv: ['curl', 'http://x/'], pod: '10.244.1.2', resolver: '10.96.0.10' },
      { argv: ['ping', '-c1', 'y'], pod: '10.244.1.2' },
    ],
    5,
  );
  t.is(script.match(/in_pod 10\.244\.1\.2\)/g)?.length, 1, 'looked up once');
  t.regex(script, /nsenter --net="\$ns0" unshare --mount sh -c '.*' sh "\$d"\/10\.96\.0\.10\.conf curl http:\/\/x\//);
  t.regex(script, /probe 1 nsenter --net="\$ns0" ping -c1 y &/);
});

test('lines that are no results are passed over, missing results are undefined', (t) => {
  t.deepEqual(readBatch('noise\n1.code:0\n1.out:hi: there\n1.out:\nx.out:y\n', 3), [
    undefined,
    { code: 0, stdout: 'hi: there\n\n', stderr: '' },
    undefined,
  ]);
});

test('the connection table says what became of a ClusterIP and of the source port', (t) => {
  const found = readTranslations(recorded('two-lans/probes-edge-a1.out'));
  t.deepEqual(found.get(22512), { port: 34816, to: '10.105.151.180', becomes: '10.244.4.2' });
  t.deepEqual(found.get(22503), { port: 22503, to: '10.105.151.180', becomes: '10.244.4.2' });
});
