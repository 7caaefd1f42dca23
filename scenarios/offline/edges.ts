/** edgecore as a service of each edge, its one connection to the cloud, and logs and exec through edgeStream. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { masterOf } from './cloud.ts';
import { enable } from './settings.ts';

const config = '/etc/kubeedge/config/edgecore.yaml';

export const checkNodes = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { lines } = await lab.kubectl`get nodes --no-headers`;
  for (const { name: from, $ } of lab.nodes('edge')) {
    const { text: unit } = await $`systemctl show edgecore --property=ActiveState,UnitFileState,FragmentPath`;
    expect.that(/ActiveState=active/.test(unit) && /UnitFileState=enabled/.test(unit), 'edgecore.service enabled and running', {
      from,
      claims: ['S002-19', 'S002-20'],
      how: unit.replaceAll('\n', ' '),
    });
    const line = lines.find((one) => one.startsWith(`${from} `)) ?? '';
    expect.that(/ Ready +agent,edge .* v[\d.]+-kubeedge-v[\d.]+/.test(line), 'Ready, roles agent,edge, a version of KubeEdge', {
      from,
      claims: ['S002-22'],
      how: line.replaceAll(/\s+/g, ' '),
    });
    const { text: modules } = await $({ nothrow: true })`ss -Hltn ${'sport = :10550'}`;
    expect.that(modules === '', 'metaServer is off: nobody listens on 10550', {
      from,
      claims: ['S002-23'],
      how: 'no EdgeMesh here, so nothing asks it',
    });
  }
};

/** The edge's own port of its websocket. */
const readConnection = async ({ $ }: NodeHandle): Promise<string[]> =>
  (await $`ss -Htn state established ${'dport = :10000'} | awk ${'{ print $3 }'}`).lines;

/** The cloud sends what it has by the connection that the edge opened long ago. */
export const checkConnection = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [edge] = lab.nodes('edge') as [NodeHandle];
  await expect.eventually('one connection to the websocket', '60s', async () => {
    const connections = await readConnection(edge);
    return {
      holds: connections.length === 1,
      from: edge.name,
      claims: ['S002-1'],
      expected: '1',
      observed: String(connections.length),
      how: connections.join(', '),
    };
  });
  const [before] = await readConnection(edge);
  await lab.kubectl({ input: JSON.stringify(pauseOn(edge.name, 'pushed')) })`apply -f -`;
  await expect.eventually('a pod that was made in the cloud runs', '60s', async () => {
    const { text } = await lab.kubectl({ nothrow: true })`get pod pushed -o ${'jsonpath={.status.phase}'}`;
    return {
      holds: text === 'Running',
      from: edge.name,
      claims: ['S002-1', 'S002-2'],
      observed: text,
      expected: 'Running',
      how: 'EdgeController to metaManager, to edged',
    };
  });
  const after = await readConnection(edge);
  expect.equal(after.join(), before, 'the connection is the same', {
    from: edge.name,
    claims: ['S002-1'],
    how: 'nothing was asked for: the cloud pushed',
  });
  const { text: stored } = await edge.$`grep -a -c pushed /var/lib/kubeedge/edgecore.db`;
  expect.that(Number(stored) > 0, 'the pod is in the database of metaManager', {
    from: edge.name,
    claims: ['S002-2'],
    how: '/var/lib/kubeedge/edgecore.db',
  });
  await lab.kubectl`delete pod pushed --wait=false`;
};

const pauseOn = (node: string, name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { nodeName: node, terminationGracePeriodSeconds: 0, containers: [{ name: 'pause', image: 'edgelab/pause:3.10' }] },
});

const model = {
  apiVersion: 'devices.kubeedge.io/v1beta1',
  kind: 'DeviceModel',
  metadata: { name: 'lamp', namespace: 'default' },
  spec: { protocol: 'none', properties: [{ name: 'on', type: 'BOOLEAN', accessMode: 'ReadWrite' }] },
};

/** DeviceController to deviceTwin. */
export const checkDevice = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [edge] = lab.nodes('edge') as [NodeHandle];
  const device = {
    apiVersion: model.apiVersion,
    kind: 'Device',
    metadata: { name: 'lamp-of-the-plant', namespace: 'default' },
    spec: { nodeName: edge.name, deviceModelRef: { name: 'lamp' }, protocol: { protocolName: 'none' }, properties: [] },
  };
  for (const object of [model, device]) await lab.kubectl({ input: JSON.stringify(object) })`apply -f -`;
  await expect.eventually('a device made in the cloud is known to deviceTwin', '30s', async () => {
    const { text } = await edge.$({ nothrow: true })`grep -a -c lamp-of-the-plant /var/lib/kubeedge/edgecore.db`;
    return {
      holds: Number(text) > 0,
      from: edge.name,
      claims: ['S002-2'],
      how: 'DeviceController to deviceTwin: /var/lib/kubeedge/edgecore.db',
    };
  });
};

export const removeDevice = (lab: LabHandle): Promise<unknown> =>
  lab.kubectl({ nothrow: true })`delete device/lamp-of-the-plant devicemodel/lamp pod/pushed --ignore-not-found --wait=false`;

export const checkStream = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [edge] = lab.nodes('edge') as [NodeHandle];
  const { workloads } = lab;
  const { name: pod } = await lab.findPod(lab.pod(workloads[0]!.name, { on: edge.name }));
  const exec = () => lab.kubectl({ nothrow: true, timeout: '20s' })`exec ${pod} -- /agnhost --help`;
  const look = async (wanted: boolean, how: string) => {
    const [{ exitCode, stderr }, logs] = await Promise.all([exec(), lab.kubectl({ nothrow: true, timeout: '20s' })`logs ${pod} --tail=1`]);
    const works = exitCode === 0 && logs.exitCode === 0;
    return {
      holds: works === wanted,
      from: masterOf(lab).name,
      claims: ['S002-23'],
      expected: wanted ? 'both work' : 'neither works',
      observed: works ? 'both work' : (stderr.trim().split('\n').at(-1) ?? ''),
      how,
    };
  };
  const set = async (edgeStream: boolean, serviceBus: boolean): Promise<void> => {
    await enable(edge, config, { edgeStream, serviceBus });
    await edge.$`systemctl restart edgecore`;
  };
  await set(false, true);
  await expect.eventually(`kubectl logs and exec, edgeStream of ${edge.name} off and serviceBus on`, '60s', () =>
    look(false, 'the edge opens no stream'),
  );
  await set(true, true);
  await expect.eventually(`kubectl logs and exec, both of ${edge.name} on`, '90s', () =>
    look(true, "by the edge's own connection to 10004"),
  );
  await set(true, false);
  await expect.eventually(`kubectl logs and exec, serviceBus of ${edge.name} off`, '90s', () => look(true, 'serviceBus has no part in it'));
  const { lines } = await edge.$`edgecore --defaultconfig`;
  const [line37 = '', line103 = ''] = [lines[36], lines[102]];
  expect.that(!/enable/.test(line37) && !/enable/.test(line103), 'lines 37 and 103 of edgecore.yaml, which the seed sets to true', {
    from: edge.name,
    claims: ['S002-23'],
    expected: 'no switches',
    observed: `${line37.trim()} / ${line103.trim()}`,
    how: 'lines move with each version; the keys are edgeStream.enable and serviceBus.enable',
  });
};

/** beehive says it of an answer for which nobody waits; edgecore of today waits for each. */
export const checkWarning = async (lab: LabHandle, expect: Expect): Promise<void> => {
  for (const { name: from, $ } of lab.nodes('edge')) {
    // a lost answer of KubeEdge makes a node NotReady for up to a minute
    await expect.eventually('warnings of a bad anonName', '90s', async () => {
      const { text } =
        await $`journalctl -u edgecore --no-pager | grep -c ${'Get bad anonName'}; echo $(( $(date +%s) - $(stat -c %Y /etc/kubeedge/config) ))`;
      const [warnings = 0, seconds = 0] = text.split('\n').map(Number);
      const { text: ready } = await lab.kubectl`get node ${from} -o ${'jsonpath={.status.conditions[?(@.type=="Ready")].status}'}`;
      return {
        holds: ready === 'True' && seconds > 20 && warnings < seconds / 20,
        from,
        refutes: ['S002-21'],
        expected: 'not every 10 s, and the node is Ready',
        observed: `${String(warnings)} in ${String(seconds)} s, Ready ${ready}`,
        how: 'each answer has its asker',
      };
    });
  }
};
