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

const tunnelOf = (node: string): Step => {
  const { lab } = readTopology(text, 'small.yaml');
  const step = lab && makePlan(lab).plan?.steps.find(({ id }) => id === `fabedge:tunnel:${node}`);
  if (!step) throw new Error(`nothing proves a tunnel of ${node}`);
  return step;
};

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
  t.deepEqual(run(t, script, { listed, answering: '*' }).said, ['p2n of edge-a1 is not installed']);
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
