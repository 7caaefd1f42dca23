/** Docker's own network: a docker0 on each host, in nobody's plan; and the same put into flannel's subnet. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { askFrom, awaitEcho, echoPort } from '../cni/boxes.ts';
import { readSubnetFile } from '../cni/subnet-file.ts';

type Container = { node: NodeHandle; name: string; address: string; namespace: string };

/** An image of one program, made on the host: nothing is pulled. */
const makeImage = ({ $ }: NodeHandle): Promise<unknown> =>
  $`docker image inspect echo >/dev/null 2>&1 || tar -C /usr/bin -c agnhost | docker import --change 'ENTRYPOINT ["/agnhost"]' - echo`;

const runContainer = async (node: NodeHandle, name: string): Promise<Container> => {
  const { $ } = node;
  await $`docker run --detach --name ${name} --hostname ${`${name}-on-${node.name}`} echo netexec --http-port=${echoPort}`;
  const { text } = await $`docker inspect --format ${'{{.State.Pid}} {{.NetworkSettings.IPAddress}}'} ${name}`;
  const [pid = '', address = ''] = text.split(' ');
  const namespace = `--net=/proc/${pid}/ns/net`;
  await awaitEcho(node, namespace);
  return { node, name, address, namespace };
};

export const removeContainers = ({ $ }: NodeHandle): Promise<unknown> =>
  $({ nothrow: true })`docker ps --all --quiet | xargs --no-run-if-empty docker rm --force`;

const ask = ({ node, namespace }: Container, to: Container): Promise<string> => askFrom(node, namespace, to.address);

const readBridge = async ({ $ }: NodeHandle): Promise<string> =>
  (await $({ nothrow: true })`ip -o -4 addr show dev docker0`).text.match(/inet (\S+)/)?.[1] ?? 'none';

const nameOn = ({ name, node }: Container): string => `${name}-on-${node.name} answered`;

/** Two containers on the first host, three on the second, so that one there has an address that the first does not have. */
const runAll = async (one: NodeHandle, other: NodeHandle): Promise<[Container, Container, Container[]]> => {
  await Promise.all([one, other].map(makeImage));
  const mine = [await runContainer(one, 'box-a'), await runContainer(one, 'box-b')] as const;
  const theirs = [];
  for (const name of ['box-a', 'box-b', 'box-c']) theirs.push(await runContainer(other, name));
  return [...mine, theirs];
};

export const checkPlainDocker = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [one, other] = lab.nodes('host') as [NodeHandle, NodeHandle];
  const bridges = await Promise.all([one, other].map(readBridge));
  expect.equal(bridges.join(' and '), '172.17.0.1/16 and 172.17.0.1/16', 'docker0 of each host', {
    from: 'both',
    claims: ['S003-BAS-1'],
    how: 'each Docker takes the same subnet; nobody gave it one',
  });
  const [a, b, theirs] = await runAll(one, other);
  const [namesake, , third] = theirs as [Container, Container, Container];
  expect.equal(await ask(a, b), nameOn(b), `container of the same host (${b.address})`, {
    from: `container on ${one.name}`,
    claims: ['S003-BAS-1'],
    how: 'over docker0',
  });
  expect.equal(await ask(b, namesake), nameOn(a), `${namesake.address}, an address of a container on ${other.name}`, {
    from: `container on ${one.name}`,
    claims: ['S003-BAS-1'],
    how: `the container of ${one.name} that has the same address answers`,
  });
  const far = await ask(a, third);
  expect.that(/No route to host|timed out/i.test(far), `${third.address}, which only ${other.name} has`, {
    from: `container on ${one.name}`,
    claims: ['S003-BAS-1'],
    expected: 'no way there',
    observed: far,
    how: 'looked for on the own docker0, where nobody has it',
  });
  await Promise.all([one, other].map(removeContainers));
};

/** As the seed has it: options from flannel's subnet, Docker started anew, docker0 in the subnet, containers reach each other. */
export const checkDockerOnFlannel = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [one, other] = lab.nodes('host') as [NodeHandle, NodeHandle];
  await Promise.all([moveBusy(one, expect), moveIdle(other, expect)]);
  const [a, , [, , third]] = (await runAll(one, other)) as [Container, Container, [Container, Container, Container]];
  expect.equal(await ask(a, third), nameOn(third), `container on ${third.node.name} (${third.address})`, {
    from: `container on ${a.node.name} (${a.address})`,
    claims: ['S003-BAS-2', 'S003-INS-7'],
    how: 'docker0 of each host is a part of the cluster network; no CNI takes part',
  });
};

/** Where no container runs, Docker gives docker0 its new address by itself. */
const moveIdle = async (node: NodeHandle, expect: Expect): Promise<void> => {
  const subnet = await giveOptions(node, expect);
  await node.$`systemctl start docker`;
  expect.equal(await readBridge(node), subnet, 'docker0 after Docker was started anew', {
    from: node.name,
    claims: ['S003-INS-7'],
    how: 'no container ran meanwhile, so Docker took the old address away itself',
  });
};

/** Where containers outlive Docker (live-restore), it finds them on docker0 and changes nothing. */
const moveBusy = async (node: NodeHandle, expect: Expect): Promise<void> => {
  const { name: from, $ } = node;
  await $({ input: liveRestore })`cat > ${daemonFile} && systemctl reload docker`;
  const before = await readBridge(node);
  await makeImage(node);
  await runContainer(node, 'survivor');
  const subnet = await giveOptions(node, expect);
  await $`systemctl start docker`;
  const { text: said } = await $`journalctl -u docker --no-pager -o cat | grep -o ${'There are old running containers[^"]*'} | tail -1`;
  expect.equal(await readBridge(node), before, 'docker0 after Docker was started anew, with a container that outlived it', {
    from,
    claims: ['S003-TRB-1'],
    how: `Docker says: ${said}`,
  });
  await removeContainers(node);
  await $`systemctl stop docker.service docker.socket && ip link delete docker0 && systemctl start docker`;
  expect.equal(await readBridge(node), subnet, 'docker0 after it was deleted', {
    from,
    claims: ['S003-TRB-1', 'S003-INS-7'],
    how: 'the cure: stop Docker, delete docker0, start Docker',
  });
};

const daemonFile = '/etc/docker/daemon.json';
const liveRestore = '{ "live-restore": true }\n';
const dropIn = '/etc/systemd/system/docker.service.d/flannel.conf';

/** Stops Docker and gives it flannel's options; which subnet they name. */
const giveOptions = async (node: NodeHandle, expect: Expect): Promise<string> => {
  const { name: from, $ } = node;
  await $`systemctl stop docker.service docker.socket`;
  const { text: stopped } = await $({ nothrow: true })`systemctl is-active docker kubelet`;
  expect.equal(stopped.replaceAll('\n', ', '), 'inactive, inactive', 'Docker and kubelet, stopped', { from, claims: ['S003-INS-1'] });
  await $`mk-docker-opts.sh -k DOCKER_NETWORK_OPTIONS -d /run/docker_opts.env`;
  const { text: options } = await $`grep DOCKER_NETWORK_OPTIONS /run/docker_opts.env`;
  const { subnet, mtu } = await readSubnetFile(node);
  expect.that(options.includes(`--bip=${subnet}`) && options.includes(`--mtu=${mtu}`), 'options for Docker from the subnet of flannel', {
    from,
    claims: ['S003-INS-6'],
    how: options,
  });
  await $({ input: '[Service]\nEnvironmentFile=/run/docker_opts.env\n' })`cat > ${dropIn} && systemctl daemon-reload`;
  return subnet;
};

/** Docker as the lab came up with it; it remembers its networks, docker0 among them. */
export const restoreDocker = async ({ $ }: NodeHandle): Promise<void> => {
  await $`rm -f ${dropIn} ${daemonFile}; systemctl daemon-reload; systemctl stop docker.service docker.socket`;
  await $({ nothrow: true })`ip link delete docker0; rm -r /var/lib/docker/network/files`;
  await $`systemctl reset-failed docker; systemctl start docker`;
};
