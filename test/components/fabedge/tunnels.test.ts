/** The scripts of the proof, run by a shell with programs that answer as those of an edge do. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Script, Step } from '../../../src/model/plan.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { readTopology } from '../../../src/topology/topology.ts';

const text = `name: small
sites:
  cloud: { nodes: { cloud: { role: control-plane }, gateway: { role: worker } } }
  lan-a: { subnet: 192.168.1.0/24, nat: symmetric, nodes: { edge-a1: { role: edge }, edge-a2: { role: edge } } }
install: { kubernetes: 1.32.5, flannel: { on: [cloud] }, kubeedge: 1.23.1, fabedge: { connector: gateway } }
`;

const stepOf = (wanted: string): Step => {
  const { lab } = readTopology(text, 'small.yaml');
  const step = lab && makePlan(lab).plan?.steps.find(({ id }) => id === wanted);
  if (!step) throw new Error(`no step is called ${wanted}`);
  return step;
};

const tunnelOf = (node: string): Step => stepOf(`fabedge:tunnel:${node}`);

const scriptOf = ({ action }: Step): Script => {
  if (action.do !== 'wait') throw new Error('a proof waits');
  return action.script;
};

/** As swanctl lists it, without the lines that nobody reads. */
const sas = `small.connector: #1, ESTABLISHED, IKEv2, 302bd5a2d46a63d7_i* 8c4e52059b5dd6df_r
  remote 'C=CN, O=fabedge.io, CN=small.connector' @ 45.77.0.11[4500]
  small.connector-p2p: #4, reqid 1, INSTALLED, TUNNEL-in-UDP, ESP:AES_GCM_16-128
    local  10.244.2.0/24
    remote 10.96.0.0/12 10.244.0.0/24 10.244.1.0/24
  small.connector-p2n: #5, reqid 2, INSTALLED, TUNNEL-in-UDP, ESP:AES_GCM_16-128
    local  10.244.2.0/24
    remote 45.77.0.10/32 45.77.0.11/32
  small.connector-n2p: #6, reqid 3, INSTALLED, TUNNEL-in-UDP, ESP:AES_GCM_16-128
    local  192.168.1.11/32
    remote 10.96.0.0/12 10.244.0.0/24 10.244.1.0/24
`;

/** `answering`: who answers pings, as a pattern of the shell. Time runs fast, and what still waits at the sixth pause waits for ever. */
const run = (t: ExecutionContext, { text: script, env }: Script, { listed = sas, answering }: { listed?: string; answering: string }) => {
  const folder = mkdtempSync(join(tmpdir(), 'edgelab-tunnels-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const program = (name: string, body: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  writeFileSync(join(folder, 'sas'), listed);
  program('ctr', `case "$*" in *containers*) echo one ;; *--list-sas*) cat "${folder}/sas" ;; *) echo "$*" >> "${folder}/done" ;; esac`);
  program(
    'ping',
    `for last; do :; done
echo "$last" >> "${folder}/asked"
case $last in ${answering}) echo '1 packets transmitted, 1 received' ;; *) echo '1 packets transmitted, 0 received' ;; esac`,
  );
  program('date', `n=$(cat "${folder}/clock" 2>/dev/null || echo 0); echo $((n + 10)) | tee "${folder}/clock"`);
  program('sleep', `echo >> "${folder}/pauses"; [ "$(wc -l < "${folder}/pauses")" -lt 6 ] || kill $PPID`);
  const path = `${folder}:${process.env['PATH'] ?? ''}`;
  const { signal, stdout } = spawnSync('sh', ['-c', script], { env: { ...env, PATH: path }, encoding: 'utf8' });
  const read = (name: string): string[] => {
    try {
      return readFileSync(join(folder, name), 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  };
  return {
    ended: signal === null,
    said: [...new Set(stdout.split('\n').filter((line) => line !== ''))],
    asked: [...new Set(read('asked'))].toSorted(),
    done: read('done'),
  };
};

test('a tunnel is proved by an answer from either pod network of the cloud; the Services are none', (t) => {
  for (const answering of ['10.244.0.1', '10.244.1.1']) {
    const { ended, said } = run(t, scriptOf(tunnelOf('edge-a1')), { answering });
    t.true(ended);
    t.deepEqual(said, []);
  }
  // with an answer the script does not wait for the others it asked
  t.deepEqual(run(t, scriptOf(tunnelOf('edge-a1')), { answering: 'nobody' }).asked, ['10.244.0.1', '10.244.1.1']);
});

test('SAs that stand are no proof where nothing comes back', (t) => {
  const { ended, said } = run(t, scriptOf(tunnelOf('edge-a1')), { answering: 'nobody' });
  t.false(ended);
  t.deepEqual(said, ['nothing comes back through the tunnel of edge-a1']);
});

test('an SA that is missing is named', (t) => {
  const script = scriptOf(tunnelOf('edge-a1'));
  t.deepEqual(run(t, script, { listed: '', answering: '*' }).said, ['edge-a1 has no IKE SA with the connector']);
  const listed = sas.replace(/p2n: (.*)INSTALLED/, 'p2n: $1REKEYING');
  t.is(run(t, script, { listed, answering: '*' }).said[0], 'p2n of edge-a1 is not installed');
});

test('an IKE SA whose children the connector refuses is ended, for it may be older than what the connector knows', (t) => {
  const listed = sas.split('\n')[0]!;
  const { ended, said, done } = run(t, scriptOf(tunnelOf('edge-a1')), { listed, answering: '*' });
  t.false(ended);
  t.deepEqual(said, [
    'p2p of edge-a1 is not installed',
    'the tunnel of edge-a1 was without a part of it for 10 s, which a connector refuses that heard of its networks later: it was ended, for the agent to make it anew',
  ]);
  t.regex(done[0]!, /swanctl --terminate --ike small\.connector --force/);
});

test('a tunnel that stands and stays silent is ended, and no other', (t) => {
  const { mend } = tunnelOf('edge-a1');
  if (!mend) return t.fail('there is no cure');
  const silent = run(t, mend, { answering: 'nobody' });
  t.true(silent.ended);
  t.regex(silent.said.join(), /^nothing came back through the tunnel of edge-a1 for 30 s: it was ended/);
  t.regex(silent.done.join(), /swanctl --terminate --ike small\.connector /);
  t.deepEqual(run(t, mend, { answering: '10.244.0.1' }).done, []);
  t.like(run(t, mend, { listed: '', answering: 'nobody' }), { ended: false, done: [] });
});

/** The connector's configuration as the operator writes it anew with everything it learns: an edge by its name, and what is behind it. */
const configuration = (edges: Record<string, { subnets: string[]; nodeSubnets: string[] }>): string => {
  const list = (name: string, items: string[]): string =>
    items.length === 0 ? `      ${name}: []` : `      ${name}:\n${items.map((item) => `        - ${item}`).join('\n')}`;
  const peers = Object.entries(edges).map(([name, { subnets, nodeSubnets }]) =>
    [`    - id: C=CN, O=fabedge.io, CN=${name}`, `      name: ${name}`, list('subnets', subnets), list('nodeSubnets', nodeSubnets)].join(
      '\n',
    ),
  );
  return `name: small.connector\nsubnets:\n    - 10.96.0.0/12\npeers:\n${peers.join('\n')}\n`;
};

const whole = { subnets: ['10.244.2.0/24'], nodeSubnets: ['192.168.1.11'] };
const bare = { subnets: [], nodeSubnets: ['192.168.1.12'] };

test('the connector is made to look at its configuration when it has the networks of every edge, not only their names', (t) => {
  const { action } = stepOf('fabedge:endpoints');
  if (action.do !== 'wait') throw new Error('it waits');
  const { text: script, env } = action.script;
  const look = (...versions: string[]) => {
    const folder = mkdtempSync(join(tmpdir(), 'edgelab-endpoints-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'versions'), versions.join(''));
    const kubectl = `case "$*" in *watch*) cat "${folder}/versions" ;; *annotate*) echo "$*" > "${folder}/done" ;; esac`;
    writeFileSync(join(folder, 'kubectl'), `#!/bin/sh\n${kubectl}\n`, { mode: 0o755 });
    const path = `${folder}:${process.env['PATH'] ?? ''}`;
    const { status, stdout } = spawnSync('sh', ['-c', script], { env: { ...env, PATH: path }, encoding: 'utf8' });
    return { status, said: stdout.trim().split('\n').at(-1) };
  };
  const [early, late] = [
    configuration({ 'small.edge-a1': whole, 'small.edge-a2': bare }),
    configuration({ 'small.edge-a1': whole, 'small.edge-a2': whole }),
  ];
  t.deepEqual(look(early), { status: 1, said: "the connector's configuration does not have subnets of small.edge-a2 yet" });
  t.deepEqual(look(configuration({ 'small.edge-a1': whole })), {
    status: 1,
    said: "the connector's configuration does not have subnets of small.edge-a2 yet",
  });
  t.is(look(early, late).status, 0);
});
