import test from 'ava';
import { connectDocker } from '../../../src/engine/docker/docker.ts';
import { openConnection } from '../../../src/engine/docker/connection.ts';
import { readFacts } from '../../../src/engine/docker/facts.ts';
import { removeLab } from '../../../src/engine/docker/remove.ts';
import { throwsLabError } from '../contract.ts';
import { startStubDaemon } from './stub-daemon.ts';

const owner = { lab: 'lab', planHash: 'hash', topology: '/t.yaml' };
const labels = { 'edgelab.lab': 'lab', 'edgelab.name': 'lan', 'edgelab.plan': 'hash' };
const connect = (DOCKER_HOST: string) => connectDocker({ DOCKER_HOST }, '/nowhere');

test('where no socket is, HOST001 says so and what to install', async (t) => {
  const engine = await connect('unix:///nowhere/docker.sock');
  const error = await throwsLabError(t, engine.facts(), 'HOST001', /no Docker engine answers at unix:\/\/\/nowhere\/docker.sock/);
  t.regex(error.details.hint ?? '', /install/);
  for (const call of [engine.list('lab'), engine.remove('lab'), engine.exec('lab', 'node', ['true'])]) {
    await throwsLabError(t, call, 'HOST001', /no Docker engine answers/);
  }
});

test('where nobody listens, HOST001 says to start the engine', async (t) => {
  const error = await throwsLabError(t, (await connect('tcp://127.0.0.1:1')).facts(), 'HOST001', /tcp:\/\/127.0.0.1:1/);
  t.regex(error.details.hint ?? '', /start the engine/);
});

test('an address that is none is HOST001', async (t) => {
  await throwsLabError(t, connect('gopher://docker'), 'HOST001', /"gopher:\/\/docker"/);
});

test('an engine that accepts but stays silent is HOST001 after the limit', async (t) => {
  const url = await startStubDaemon(t, () => 'silence');
  await throwsLabError(t, readFacts(openConnection({ url }, {}), undefined, 0.2), 'HOST001', /no Docker engine answers/);
});

test('an abort ends the wait for a silent engine with its reason', async (t) => {
  const url = await startStubDaemon(t, () => 'silence');
  const reason = new Error('enough');
  t.is(await t.throwsAsync((await connect(url)).facts(AbortSignal.abort(reason))), reason);
});

test('a refusal is ENGINE001 in the words of Docker', async (t) => {
  const url = await startStubDaemon(t, () => ({ status: 500, body: { message: 'out of luck' } }));
  const error = await throwsLabError(t, (await connect(url)).list('lab'), 'ENGINE001', /out of luck/);
  t.is(error.details.lastObservation, 'out of luck');
});

test('a carrier that someone else took in the meantime is replaced by another', async (t) => {
  const asked: string[] = [];
  const url = await startStubDaemon(t, (request, body) => {
    if (request !== 'POST /networks/create') return undefined;
    asked.push((body as { IPAM: { Config: [{ Subnet: string }] } }).IPAM.Config[0].Subnet);
    const taken = { status: 403, body: { message: 'Pool overlaps with other one on this address space' } };
    return asked.length < 3 ? taken : { status: 201, body: { Id: 'new' } };
  });
  await (await connect(url)).ensureNetwork(owner, { name: 'lan', title: '' });
  t.is(new Set(asked).size, 3);
});

test('when no carrier is left it is ENGINE002', async (t) => {
  const networks = [
    { Id: 'vpn', Name: 'vpn', IPAM: { Config: [{ Subnet: '198.18.0.0/15' }] } },
    { Id: 'host', Name: 'host', IPAM: { Config: null } },
  ];
  const url = await startStubDaemon(t, (request) => (request === 'GET /networks' ? { body: networks } : undefined));
  await throwsLabError(t, (await connect(url)).ensureNetwork(owner, { name: 'lan', title: '' }), 'ENGINE002', /no subnet is left/);
});

test('what Docker calls busy is removed in a later round', async (t) => {
  let tries = 0;
  const url = await startStubDaemon(t, (request) => {
    if (request === 'GET /networks') return { body: tries < 3 ? [{ Id: 'n1', Labels: labels }] : [] };
    if (request === 'GET /volumes') return { body: { Volumes: [] } };
    if (request === 'DELETE /networks/n1')
      return (tries += 1) < 3 ? { status: 403, body: { message: 'has active endpoints' } } : { status: 204 };
    return undefined;
  });
  t.deepEqual(await (await connect(url)).remove('lab'), { containers: 0, networks: 1, volumes: 0 });
  t.is(tries, 3);
});

test('what cannot be removed is named', async (t) => {
  const url = await startStubDaemon(t, (request) => {
    if (request === 'GET /networks') return { body: [{ Id: 'n1', Labels: labels }] };
    if (request === 'GET /volumes') return { body: { Volumes: [] } };
    return request.startsWith('DELETE') ? { status: 403, body: { message: 'has active endpoints' } } : undefined;
  });
  const error = await throwsLabError(t, removeLab(openConnection({ url }, {}), 'lab', undefined, 1), 'ENGINE001', /could not be removed/);
  t.is(error.details.left, 'network lan (n1)');
  t.is(error.details.lastObservation, 'has active endpoints');
});

test('an endpoint whose container is gone is taken off its network, which Docker would keep for ever', async (t) => {
  const ghosts = new Set(['edgelab-lab.host-1', 'edgelab-lab.host-2']);
  let there = true;
  const url = await startStubDaemon(t, (request, body) => {
    if (request === 'GET /networks') return { body: there ? [{ Id: 'n1', Labels: labels }] : [] };
    if (request === 'GET /volumes') return { body: { Volumes: [] } };
    if (request === 'GET /networks/n1')
      return { body: { Id: 'n1', Containers: Object.fromEntries([...ghosts].map((name, index) => [`ep-${index}`, { Name: name }])) } };
    if (request === 'POST /networks/n1/disconnect') {
      const { Container, Force } = body as { Container: string; Force: boolean };
      return Force && ghosts.delete(Container) ? {} : { status: 404, body: { message: 'no such container' } };
    }
    if (request !== 'DELETE /networks/n1') return undefined;
    if (ghosts.size > 0) return { status: 403, body: { message: 'network edgelab-lab.lan id n1 has active endpoints' } };
    there = false;
    return { status: 204 };
  });
  t.deepEqual(await removeLab(openConnection({ url }, {}), 'lab'), { containers: 0, networks: 1, volumes: 0 });
});

test('no two members of a network leave it together, by being taken off or by being removed: Docker would miscount them', async (t) => {
  const members: Record<string, Set<string>> = {
    internet: new Set(['core', 'r1', 'r2']),
    lan1: new Set(['r1', 'h1']),
    lan2: new Set(['r2', 'h2']),
  };
  const networks = new Set(Object.keys(members));
  const containers = new Set(['core', 'r1', 'r2', 'h1', 'h2']);
  const leaving: Record<string, number> = { internet: 0, lan1: 0, lan2: 0 };
  const seen = { together: 0, besideEachOther: 0, disconnects: 0, refused: 0 };
  const leave = async (networks: string[], who: string): Promise<void> => {
    for (const network of networks) if ((leaving[network]! += 1) > 1) seen.together += 1;
    if (Object.values(leaving).filter((count) => count > 0).length > 1) seen.besideEachOther += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const network of networks) {
      leaving[network]! -= 1;
      members[network]!.delete(who);
    }
  };
  const url = await startStubDaemon(t, async (request, body) => {
    const [method = '', path = ''] = request.split(' ');
    const [, kind, id = '', act] = path.split('/');
    const labelsOf = (of: string, name: string) => ({ ...labels, 'edgelab.kind': of, 'edgelab.name': name });
    if (request === 'GET /volumes') return { body: { Volumes: [] } };
    if (request === 'GET /networks') return { body: [...networks].map((Id) => ({ Id, Labels: labelsOf('network', Id) })) };
    if (path === '/containers/json')
      return { body: [...containers].map((Id) => ({ Id, Names: [`/${Id}`], State: 'running', Labels: labelsOf('container', Id) })) };
    if (method === 'GET' && kind === 'networks')
      return { body: { Id: id, Containers: Object.fromEntries([...members[id]!].map((name) => [name, { Name: name }])) } };
    if (act === 'disconnect') {
      seen.disconnects += 1;
      await leave([id], (body as { Container: string }).Container);
      return {};
    }
    if (method !== 'DELETE') return undefined;
    if (kind === 'networks') {
      seen.refused += members[id]!.size > 0 ? 1 : 0;
      networks.delete(id);
    } else {
      await leave(
        [...networks].filter((network) => members[network]!.has(id)),
        id,
      );
      containers.delete(id);
    }
    return { status: 204 };
  });
  t.deepEqual(await removeLab(openConnection({ url }, {}), 'lab'), { containers: 5, networks: 3, volumes: 0 });
  t.deepEqual({ ...seen, besideEachOther: seen.besideEachOther > 0 }, { together: 0, besideEachOther: true, disconnects: 3, refused: 0 });
});

test('a network that went with its last container is not removed a second time, however many there are', async (t) => {
  const networks = new Set(Array.from({ length: 40 }, (_, index) => `n${index}`));
  const containers = new Set([...networks].map((network) => `c-${network}`));
  let removals = 0;
  const url = await startStubDaemon(t, (request) => {
    const [method = '', path = ''] = request.split(' ');
    const [, kind, id = ''] = path.split('/');
    const labelsOf = (of: string, name: string) => ({ ...labels, 'edgelab.kind': of, 'edgelab.name': name });
    if (request === 'GET /volumes') return { body: { Volumes: [] } };
    if (request === 'GET /networks') return { body: [...networks].map((Id) => ({ Id, Labels: labelsOf('network', Id) })) };
    if (path === '/containers/json')
      return { body: [...containers].map((Id) => ({ Id, Names: [`/${Id}`], State: 'running', Labels: labelsOf('container', Id) })) };
    if (method === 'GET' && kind === 'networks') return { body: { Id: id, Containers: { [`c-${id}`]: { Name: `c-${id}` } } } };
    if (method !== 'DELETE') return undefined;
    if (kind === 'networks') removals += 1;
    (kind === 'networks' ? networks : containers).delete(id);
    return { status: 204 };
  });
  t.deepEqual(await removeLab(openConnection({ url }, {}), 'lab'), { containers: 40, networks: 40, volumes: 0 });
  t.is(removals, 40);
});

test('networks whose traffic Docker translates are bridges of others that lead out', async (t) => {
  const network = (Name: string, subnet: string, more: object = {}) => ({
    Name,
    Driver: 'bridge',
    IPAM: { Config: [{ Subnet: subnet }] },
    ...more,
  });
  const networks = [
    network('bridge', '172.17.0.0/16', { Options: { 'com.docker.network.bridge.enable_ip_masquerade': 'true' } }),
    network('shop_default', '192.168.0.0/20'),
    network('inner', '10.9.0.0/24', { Internal: true }),
    network('edgelab-lab.lan', '198.18.3.0/24', { Options: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' } }),
    { Name: 'host', Driver: 'host', IPAM: { Config: null } },
  ];
  const url = await startStubDaemon(t, (request) => {
    if (request === 'GET /networks') return { body: networks };
    return request === 'GET /version' ? { body: { Version: '20.10.24', ApiVersion: '1.41' } } : { body: {} };
  });
  t.deepEqual((await (await connect(url)).facts()).masqueraded, [
    { network: 'bridge', subnet: '172.17.0.0/16' },
    { network: 'shop_default', subnet: '192.168.0.0/20' },
  ]);
});
