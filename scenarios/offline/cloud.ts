/** cloudcore as a service of the master: its ports before and after cloudStream, its certificates, its token. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { enable } from './settings.ts';

const config = '/etc/kubeedge/config/cloudcore.yaml';

export const masterOf = (lab: LabHandle): NodeHandle => lab.nodes('control-plane')[0]!;

/** Of those that cloudcore serves edges with, the ports it listens on. */
const listPorts = async ({ $ }: NodeHandle): Promise<string> => {
  const { lines } = await $`ss -Hltnp | grep ${'"cloudcore"'} | grep -oE ${':1000[0-4] '} | tr -d ${': '} | sort -u`;
  return lines.join(', ');
};

export const checkPorts = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const master = masterOf(lab);
  const { name: from, $ } = master;
  const restart = async (cloudStream: boolean): Promise<void> => {
    await enable(master, config, { cloudStream });
    await $`systemctl restart cloudcore`;
  };
  const show = async (ports: string, claims: string[], how: string): Promise<void> => {
    await expect.eventually('ports of cloudcore', '40s', async () => {
      const observed = await listPorts(master);
      return { holds: observed === ports, from, claims, expected: ports, observed, how };
    });
  };
  await restart(false);
  await show('10000, 10002', ['S002-10', 'S002-11'], 'as keadm deprecated init leaves it: websocket and certificates, no stream');
  const { lines } = await $`cloudcore --defaultconfig`;
  const stream = lines.findIndex((line) => line === '  cloudStream:');
  expect.that(!lines[43]?.includes('enable'), 'line 44 of cloudcore.yaml, which the seed sets to true', {
    from,
    claims: ['S002-14'],
    expected: 'no switch',
    observed: (lines[43] ?? '').trim(),
    how: `lines move with each version, keys do not: cloudStream begins at line ${String(stream + 1)} of ${String(lines.length)} here`,
  });
  const manager = lines.findIndex((line) => line === '  iptablesManager:');
  expect.that(
    lines.slice(manager, manager + 3).some((line) => /enable: true/.test(line)),
    'iptablesManager is on by default',
    {
      from,
      claims: ['S002-14'],
      how: lines
        .slice(manager, manager + 3)
        .map((line) => line.trim())
        .join(' '),
    },
  );
  await restart(true);
  await show(
    '10000, 10002, 10003, 10004',
    ['S002-14', 'S002-16'],
    'with cloudStream.enable: 10003 for the API server, 10004 for the edges',
  );
};

export const checkService = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { name: from, $, address } = masterOf(lab);
  const { text: unit } = await $`systemctl show cloudcore --property=ActiveState,UnitFileState,MainPID,ExecStart`;
  const { text: pids } = await $`pidof cloudcore`;
  expect.that(
    /ActiveState=active/.test(unit) && /UnitFileState=enabled/.test(unit) && unit.includes(`MainPID=${pids}`),
    'cloudcore.service, and no other process of it',
    {
      from,
      claims: ['S002-10', 'S002-15'],
      how: `process ${pids}, ${/path=(\S+)/.exec(unit)?.[1] ?? ''}`,
    },
  );
  const { text: times } = await $`stat -c %Y /var/log/kubeedge/cloudcore.log /etc/kubeedge/certs/stream.crt`;
  const [ended = 0, certified = 0] = times.split('\n').map(Number);
  expect.that(ended > 0 && ended <= certified, 'the process that keadm started has ended', {
    from,
    claims: ['S002-10', 'S002-15'],
    how: 'its log, which the service does not write, ends before the certificates of the stream were made',
  });
  const { lines: pods } = await lab.kubectl`get pods --all-namespaces --no-headers`;
  expect.that(!pods.some((line) => line.includes('cloudcore')), 'no pod of cloudcore', {
    from,
    claims: ['S002-10'],
    how: `${String(pods.length)} pods, none of them`,
  });
  const { text: verified } = await $({
    nothrow: true,
  })`openssl verify -CAfile /etc/kubernetes/pki/ca.crt /etc/kubeedge/certs/stream.crt && openssl x509 -in /etc/kubeedge/certs/stream.crt -noout -ext subjectAltName`;
  expect.that(
    verified.includes('OK') && verified.includes(`IP Address:${address}`),
    "stream certificate of the cluster's CA, for the master's address",
    {
      from,
      claims: ['S002-13'],
      how: verified.replaceAll(/\s+/g, ' '),
    },
  );
};

type Token = { hash: string; jwt: string; expires: number };

const readToken = async ({ $ }: NodeHandle): Promise<Token> => {
  const { text } = await $`keadm gettoken --kube-config=/etc/kubernetes/admin.conf`;
  const [, hash = '', jwt = ''] = /^([0-9a-f]{64})\.([\w-]+\.[\w-]+\.[\w-]+)$/.exec(text) ?? [];
  const body = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString();
  return { hash, jwt, expires: (JSON.parse(body || '{}') as { exp?: number }).exp ?? 0 };
};

/** Waiting for the refresh takes 12 hours: a restart makes a new token as the timer does. */
export const checkToken = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const master = masterOf(lab);
  const before = await readToken(master);
  const { text: now } = await master.$`date +%s`;
  const hours = (before.expires - Number(now)) / 3600;
  expect.that(before.hash !== '' && hours > 23 && hours <= 24, 'token: hash of the CA, and a JWT that is good for a day', {
    from: master.name,
    claims: ['S002-12'],
    observed: `${before.hash.slice(0, 8)}…, ${hours.toFixed(1)} h left`,
    how: 'keadm gettoken',
  });
  await master.$`systemctl restart cloudcore`;
  await expect.eventually('the JWT changes, the hash stays', '40s', async () => {
    const after = await readToken(master);
    return {
      holds: after.hash === before.hash && after.jwt !== '' && after.jwt !== before.jwt,
      from: master.name,
      claims: ['S002-12'],
      how: 'a restart makes a new one, as the timer does every 12 hours',
    };
  });
};
