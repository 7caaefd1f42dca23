import test from 'ava';
import { engineWith, runEdgelab } from './fake-cli.ts';

const nodes = ['cloud', 'edge-1', 'lan-router'];

test('down removes the only lab', async (t) => {
  const engine = await engineWith({ one: nodes });
  const { code } = await runEdgelab(['down'], { engine });
  t.is(code, 0);
  t.deepEqual(await engine.labs(), []);
});

test('down needs a name where there are several labs, and touches none without it', async (t) => {
  const engine = await engineWith({ one: nodes, two: nodes });
  const { code, stderr } = await runEdgelab(['down'], { engine });
  t.is(code, 2);
  t.regex(stderr, /there are 2 labs, and none was named\n {2}hint: say which \(one, two\), or --all/);
  t.is((await engine.labs()).length, 8);
});

test('down removes the lab that was named and no other', async (t) => {
  const engine = await engineWith({ one: nodes, two: nodes });
  const { code, stdout } = await runEdgelab(['down', 'one', '--json'], { engine });
  t.is(code, 0);
  t.deepEqual(JSON.parse(stdout), { ok: true, removed: [{ lab: 'one', containers: 3, networks: 1, volumes: 0 }] });
  t.deepEqual([...new Set((await engine.labs()).map(({ lab }) => lab))], ['two']);
});

test('down of a lab that is not there is done already', async (t) => {
  t.is((await runEdgelab(['down', 'nothing'])).code, 0);
  t.is((await runEdgelab(['down'])).code, 0);
});

test('down takes the path of a topology, though the file is gone', async (t) => {
  const engine = await engineWith({ one: nodes }, '/my/folder/lab.yaml');
  await runEdgelab(['down', './lab.yaml'], { engine, cwd: '/my/folder' });
  t.deepEqual(await engine.labs(), []);
});

test('down --all removes every lab', async (t) => {
  const engine = await engineWith({ one: nodes, two: nodes });
  await runEdgelab(['down', '--all'], { engine });
  t.deepEqual(await engine.labs(), []);
});

test('ps lists labs with their nodes, and as JSON too', async (t) => {
  const engine = await engineWith({ one: nodes });
  const { code, stdout } = await runEdgelab(['ps'], { engine });
  t.is(code, 0);
  t.regex(stdout, /^one {2}3 containers, 1 network, from \/somewhere\/topology\.yaml$/m);
  t.regex(stdout, /cloud +control-plane +running/);
  const document = JSON.parse((await runEdgelab(['ps', '--json'], { engine })).stdout) as {
    labs: { lab: string; nodes: { name: string }[] }[];
  };
  t.deepEqual(
    document.labs.map(({ lab }) => lab),
    ['one'],
  );
  t.deepEqual(document.labs[0]?.nodes.map(({ name }) => name).toSorted(), nodes.toSorted());
});

test('ps without labs says how to get one', async (t) => {
  t.regex((await runEdgelab(['ps'])).stdout, /no labs\. Bring one up: \.\/edgelab up/);
});

test('exec --json gives output and passes the exit code on', async (t) => {
  const engine = await engineWith({ one: nodes });
  engine.when('edge-1', 'hostname').answers({ code: 7, stdout: 'edge-1\n', stderr: 'oh\n' });
  const { code, stdout } = await runEdgelab(['exec', '--json', 'edge-1', '--', 'hostname'], { engine });
  t.is(code, 7);
  t.like(JSON.parse(stdout), { node: 'edge-1', code: 7, stdout: 'edge-1\n', stderr: 'oh\n' });
});

test("options of the command inside are not edgelab's", async (t) => {
  const engine = await engineWith({ one: nodes });
  engine.when('edge-1', /.*/).answers({});
  await runEdgelab(['exec', '--json', 'edge-1', 'ls', '-la', '--json'], { engine });
  t.deepEqual(engine.commands('edge-1'), ['ls -la --json']);
});

test("an option of edgelab's after the node is pointed out", async (t) => {
  const engine = await engineWith({ one: nodes });
  const { code, stderr } = await runEdgelab(['exec', 'edge-1', '--json', '--', 'ls'], { engine });
  t.is(code, 2);
  t.regex(stderr, /"--json" stands after the node/);
});

test('exec in a node that is not there names those that are', async (t) => {
  const engine = await engineWith({ one: nodes });
  const { code, stderr } = await runEdgelab(['exec', 'edge-l', '--', 'true'], { engine });
  t.is(code, 2);
  t.regex(stderr, /error LAB002 lab one has no node "edge-l"\n {2}hint: did you mean "edge-1"\? it has cloud, edge-1 and lan-router/);
});

test('exec in a node that has ended says so', async (t) => {
  const engine = await engineWith({ one: nodes });
  engine.crash('one', 'edge-1');
  t.regex((await runEdgelab(['exec', 'edge-1', '--', 'true'], { engine })).stderr, /"edge-1" does not run \(exited\)/);
});

test('exec without a lab says how to get one', async (t) => {
  const { code, stderr } = await runEdgelab(['exec', 'edge-1', '--', 'true']);
  t.is(code, 2);
  t.regex(stderr, /error LAB001 there is no lab that runs\n {2}hint: bring one up: \.\/edgelab up/);
});

test('--lab chooses among several, and a wrong one is pointed out', async (t) => {
  const engine = await engineWith({ one: nodes, two: nodes });
  engine.when('edge-1', /.*/).answers({ stdout: 'x' });
  t.is((await runEdgelab(['exec', '--lab', 'two', '--json', 'edge-1', '--', 'true'], { engine })).code, 0);
  t.is(engine.calls.findLast(({ method }) => method === 'exec')?.lab, 'two');
  t.regex(
    (await runEdgelab(['exec', '--lab', 'tow', 'edge-1'], { engine })).stderr,
    /there is no lab "tow"\n {2}hint: did you mean "two"\?/,
  );
});

test('a lab need not be named where only one has the node, or a control plane', async (t) => {
  const engine = await engineWith({ one: nodes, two: ['edge-9'] });
  engine.when('*', /.*/).answers({ stdout: 'x' });
  t.is((await runEdgelab(['exec', '--json', 'edge-9', 'true'], { engine })).code, 0);
  t.is(engine.calls.findLast(({ method }) => method === 'exec')?.lab, 'two');
  t.is((await runEdgelab(['kubectl', '--json', 'version'], { engine })).code, 0);
  t.is(engine.calls.findLast(({ method }) => method === 'exec')?.lab, 'one');
});

test('remains of a lab are not taken for one that runs', async (t) => {
  const engine = await engineWith({ one: nodes, remains: [] });
  engine.when('*', /.*/).answers({});
  t.is((await runEdgelab(['exec', '--json', 'edge-1', 'true'], { engine })).code, 0);
});

test('kubectl runs on the control plane with all its arguments', async (t) => {
  const engine = await engineWith({ one: nodes });
  engine.when('cloud', /.*/).answers({ stdout: 'v1' });
  const { stdout } = await runEdgelab(['kubectl', '--json', 'get', 'pods', '-o', 'name', '--', 'x'], { engine });
  t.like(JSON.parse(stdout), { node: 'cloud', stdout: 'v1' });
  t.deepEqual(engine.commands('cloud'), ['env KUBECONFIG=/etc/kubernetes/admin.conf kubectl get pods -o name -- x']);
});

test('kubectl in a lab without Kubernetes says what it lacks', async (t) => {
  const { code, stderr } = await runEdgelab(['kubectl', 'get', 'nodes'], { engine: await engineWith({ one: ['edge-1'] }) });
  t.is(code, 2);
  t.regex(stderr, /lab one has no running control plane/);
});

test('logs of a node without a journal are those of its container', async (t) => {
  const engine = await engineWith({ one: nodes });
  engine.when('lan-router', /.*/).answers({ code: 96 });
  for (const line of ['one', 'two', 'three']) engine.log('one', 'lan-router', line);
  t.is((await runEdgelab(['logs', 'lan-router', '-n', '2'], { engine })).stdout, 'two\nthree\n');
  t.deepEqual(JSON.parse((await runEdgelab(['logs', 'lan-router', '--json'], { engine })).stdout), {
    node: 'lan-router',
    lines: ['one', 'two', 'three'],
  });
});

test('logs of a node with a journal come from it', async (t) => {
  const engine = await engineWith({ one: nodes });
  engine.when('cloud', /journalctl/).answers({ stdout: 'a line\nanother\n' });
  const { stdout } = await runEdgelab(['logs', 'cloud', '--unit', 'kubelet', '--follow'], { engine });
  t.is(stdout, 'a line\nanother\n');
  t.regex(engine.commands('cloud')[0] ?? '', /200 --follow kubelet$/);
});

test('an engine that does not answer is an error, not an empty list', async (t) => {
  const engine = await engineWith({});
  engine.failOn('labs');
  const { code, stderr } = await runEdgelab(['ps'], { engine });
  t.is(code, 4);
  t.regex(stderr, /^error ENGINE001/);
});
