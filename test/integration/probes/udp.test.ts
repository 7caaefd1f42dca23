import test from 'ava';
import { runDocker, tryDocker } from '../../../src/host/docker-cli.ts';
import { ensureImages } from '../../../src/images/images.ts';
import { readUdp, udpArgv } from '../../../src/probes/probes.ts';

test('a pod of a workload has all that the UDP probe needs', async (t) => {
  const image = (await ensureImages(['agnhost'])).get('agnhost')!;
  const options = ['--detach', '--network=none', '--label=edgelab.build=test-probe'];
  const id = await runDocker(['run', ...options, image, 'netexec', '--http-port=8080', '--udp-port=80']);
  t.teardown(() => tryDocker(['rm', '--force', '--volumes', id]));
  const probe = { host: '127.0.0.1', port: 80, localPort: 20000, payload: 64, timeoutSeconds: 10 };
  const { code, stdout, stderr } = await tryDocker(['exec', id, ...udpArgv(probe)]);
  const seen = readUdp(probe.localPort)({ code, stdout: `${stdout}\n`, stderr });
  t.is(seen.outcome, 'reachable', stderr);
  t.is(seen.sourceSeen, '127.0.0.1:20000');
  t.true(seen.milliseconds! > 0 && seen.milliseconds! < 5000);
});
