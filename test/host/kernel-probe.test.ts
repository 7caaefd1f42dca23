import test from 'ava';
import { runCommand } from '../../src/host/command.ts';
import { kernelFeatures } from '../../src/host/kernel-features.ts';
import { probeScript, readProbe } from '../../src/host/kernel-probe.ts';

test('only features that were asked for are tried', (t) => {
  const script = probeScript(new Set(['vxlan']));
  t.regex(script, /type vxlan/);
  t.notRegex(script, /netem/);
});

test('what the probes print is read, anything else is passed over', (t) => {
  t.deepEqual(
    [...readProbe('vxlan yes\nnetem no\nsome noise\n')],
    [
      ['vxlan', true],
      ['netem', false],
    ],
  );
});

test('the probe is valid shell, and a tool that is not there makes no claim', async (t) => {
  const script = probeScript(new Set(kernelFeatures.map(({ id }) => id)));
  t.is((await runCommand(['sh', '-n', '-c', script])).code, 0);
  const { stdout, code } = await runCommand(['/bin/sh', '-c', script], { env: { PATH: '/nonexistent' } });
  t.is(code, 0);
  t.is(stdout, '');
});
