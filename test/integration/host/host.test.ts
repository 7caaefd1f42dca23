import { readdir, readFile } from 'node:fs/promises';
import test from 'ava';
import { examineHost, findRouterImage, tryInImage } from '../../../src/host/host.ts';
import { docker, withDocker } from '../engine/real-docker.ts';

const state = async (): Promise<unknown> => ({
  interfaces: (await readdir('/sys/class/net')).filter((name) => !name.startsWith('veth')),
  modules: (await readFile('/proc/modules', 'utf8').catch(() => '')).split('\n').map((line) => line.split(' ')[0]),
  probes: await docker('ps', '-aq', '--filter', 'label=edgelab.kind=probe'),
  sysctls: await readFile('/proc/sys/net/ipv4/ip_forward', 'utf8'),
});

await withDocker(test, (engine) => {
  test('examining this machine tries its kernel in a container and leaves the host as it was', async (t) => {
    const before = await state();
    const image = await findRouterImage();
    const findings = await examineHost({ engine, need: { memory: 1, inotify: 1, what: 'a test' }, ...(image !== undefined && { image }) });
    t.deepEqual(await state(), before);
    const of = (id: string) => findings.find((finding) => finding.id === id);
    t.is(of('docker')?.state, 'ok');
    // Labs run here, so what they need must have worked when tried.
    for (const id of ['kernel-nf-tables', 'kernel-vxlan', 'kernel-bridge']) t.like(of(id), { state: 'ok' }, id);
    t.is(of('kernel-nft-maps')?.value, 'works', 'rules of real NATs load');
    t.deepEqual([...new Set(findings.map(({ id }) => id))].length, findings.length, 'ids are unique');
  });

  test('what is tried in an image that is not to be started is unknown, not missing', async (t) => {
    const image = (await findRouterImage()) ?? t.fail('no image of a router is here');
    t.is((await tryInImage(image, 'echo tried')).trim(), 'tried');
    await t.throwsAsync(tryInImage(image, 'echo half; exit 3'), { code: 'ENGINE001', message: /ended with code 3/ });
  });
});
