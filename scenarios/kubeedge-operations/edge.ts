/** An edge that has joined: the flags of `keadm join`, the node as Kubernetes shows it, the token. */
import type { Expect, LabHandle } from 'edgelab';
import { findEdge, findMaster } from './cast.ts';

/** What the seed wrote and keadm does not know; each of them is a fork's. */
const foreign = ['region=zh', 'quicport=10001', 'tunnelport=10004', 'edgenode-ip=192.168.1.63', 'with-edge-taint'];
const current = [
  'cloudcore-ipport',
  'edgenode-name',
  'kubeedge-version',
  'certport',
  'token',
  'cgroupdriver',
  'remote-runtime-endpoint',
  'set',
];

export const checkFlags = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = findEdge(lab);
  for (const flag of foreign) {
    const name = flag.replace(/=.*/, '');
    const { exitCode, stderr, stdout } = await edge.$({ nothrow: true })`keadm join --cloudcore-ipport=192.0.2.9:10000 ${`--${flag}`}`;
    const answer = `${stdout}\n${stderr}`.split('\n').find((line) => line.includes('unknown')) ?? 'it took it';
    expect.that(exitCode !== 0 && answer.includes(`unknown flag: --${name}`), `keadm join --${name}`, {
      from: edge.name,
      claims: ['S001-EDG-1'],
      expected: 'unknown flag',
      observed: answer,
      how: "keadm's own answer (refutes the seed: the flag is a fork's)",
    });
  }
  const { stdout } = await edge.$`keadm join --help`;
  const missing = current.filter((flag) => !stdout.includes(`--${flag}`));
  expect.equal(missing.join(', '), '', 'flags of today', {
    from: edge.name,
    claims: ['S001-EDG-1'],
    expected: 'all of them',
    observed: missing.length === 0 ? 'all of them' : `not ${missing.join(', ')}`,
    how: current.join(', '),
  });
};

export const checkUnit = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = findEdge(lab);
  const { lines } = await edge.$({
    nothrow: true,
  })`systemctl is-active edgecore; systemctl is-enabled edgecore; systemctl show -p FragmentPath --value edgecore`;
  expect.equal(lines.slice(0, 2).join(', '), 'active, enabled', 'edgecore.service', {
    from: edge.name,
    claims: ['S001-EDG-2'],
    how: `keadm join left ${lines[2] ?? 'no unit'}`,
  });
  const { stdout } = await edge.$`keadm join --help`;
  expect.that(!/mqtt|mosquitto/i.test(stdout), 'MQTT broker by keadm join', {
    from: edge.name,
    claims: ['S001-EDG-2'],
    expected: 'no word of it',
    observed: /mqtt|mosquitto/i.test(stdout) ? 'a flag' : 'no word of it',
    how: 'join installs no broker any more; in the cloud it is the DaemonSet edge-eclipse-mosquitto',
  });
};

export const checkNode = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = findEdge(lab);
  const { lines } = await lab.kubectl`get node ${edge.name} --no-headers -o wide`;
  const [, status = '', roles = '', , version = '', address = ''] = (lines[0] ?? '').split(/\s+/);
  const observed = [status, roles, version, address].join(' ');
  expect.that(
    status === 'Ready' && roles === 'agent,edge' && /^v1\.\d+\.\d+-kubeedge-v\d+\.\d+\.\d+$/.test(version) && address === edge.address,
    `node ${edge.name}`,
    {
      from: 'kubectl',
      claims: ['S001-EDG-3'],
      expected: `Ready agent,edge v1.x.y-kubeedge-vX ${edge.address}`,
      observed,
      how: 'kubectl get node -o wide; its address is that of its LAN',
    },
  );
};

/** Only the algorithm leaves the node: the token itself is a secret. */
export const checkToken = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const master = findMaster(lab);
  const form = String.raw`s/^[0-9a-f]{64}\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/\1/p`;
  const { text } = await master.$`keadm gettoken --kube-config /etc/kubernetes/admin.conf | sed -nE ${form} | base64 -d`;
  const algorithm = /"alg":"(\w+)"/.exec(text)?.[1];
  expect.equal(algorithm ?? 'another form', 'HS256', 'token of keadm', {
    from: master.name,
    claims: ['S001-EDG-4'],
    how: 'SHA-256 of the CA certificate in hex, a dot, a JWT',
    evidence: [{ at: master.name, saw: `header of the JWT: ${text}` }],
  });
};
