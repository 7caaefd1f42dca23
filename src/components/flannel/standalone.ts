/** flannel without Kubernetes: an etcd on one host, and on each host a flanneld by systemd, as flannel's own guide has it. */
import { isContainerHost } from '../../lib/containers.ts';
import type { Lab, LabNode } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import { imageTags } from '../kubernetes/images.ts';
import { toText } from '../manifest.ts';
import { allNodes, awaitRuntime, execStep } from '../step.ts';
import { takePrograms } from '../take-programs.ts';
import { netConf } from './backends.ts';
import { cniStep } from './cni.ts';
import { peersStep } from './peers.ts';

const phase = 'flannel';

/** Where flannel looks for its configuration; `/config` below it, and a key per subnet under `/subnets`. */
const etcdPrefix = '/coreos.com/network';

type Flannel = NonNullable<Lab['install']['flannel']>;

/** Each has a flanneld where flannel keeps its subnets in etcd. */
export const containerHosts = (lab: Lab): LabNode[] => allNodes(lab).filter(isContainerHost);

/** A systemd unit that says when it is ready. */
const unit = (about: string, command: string[], section = ''): string =>
  `[Unit]\nDescription=${about}\n${section}\n[Service]\nType=notify\nExecStart=${command.join(' ')}\nRestart=always\nRestartSec=1\n\n[Install]\nWantedBy=multi-user.target\n`;

const etcdStep = ({ name, address }: LabNode, { backend, etcd }: Flannel): Step =>
  execStep(
    { id: 'flannel:etcd', title: `etcd on ${name}, with flannel's configuration`, phase, needs: [`link:${name}`], timeoutSeconds: 180 },
    name,
    {
      text: [
        'set -e',
        awaitRuntime,
        takePrograms('etcd', imageTags.etcd, ['usr/local/bin/etcd']),
        'systemctl enable --quiet --now etcd',
        `etcdctl put ${etcdPrefix}/config`,
      ].join('\n'),
      stdin: toText(netConf(etcd?.network ?? '', backend)),
    },
    {
      files: [
        {
          path: '/etc/systemd/system/etcd.service',
          mode: 0o644,
          content: unit('etcd', [
            '/usr/local/bin/etcd',
            '--data-dir=/var/lib/etcd',
            '--listen-client-urls=http://0.0.0.0:2379',
            `--advertise-client-urls=http://${address}:2379`,
            // a lab's state need not survive a power cut
            '--unsafe-no-fsync',
          ]),
        },
      ],
    },
  );

const flanneldStep = (node: LabNode, keeper: LabNode, version: string): Step =>
  execStep(
    {
      id: `flannel:start:${node.name}`,
      title: `flanneld on ${node.name}`,
      phase,
      needs: ['flannel:etcd', `link:${node.name}`, `online:${node.name}`],
      timeoutSeconds: 180,
    },
    node.name,
    {
      text: [
        'set -e',
        awaitRuntime,
        takePrograms('flannel', `v${version}`, ['opt/bin/flanneld', 'opt/bin/mk-docker-opts.sh']),
        'systemctl enable --quiet --now flanneld',
      ].join('\n'),
    },
    {
      files: [
        {
          path: '/etc/systemd/system/flanneld.service',
          mode: 0o644,
          content: unit(
            'flanneld',
            [
              '/usr/local/bin/flanneld',
              '--ip-masq',
              `--etcd-endpoints=http://${keeper.address}:2379`,
              `--etcd-prefix=${etcdPrefix}`,
              '--iface=eth0',
            ],
            'After=etcd.service\nBefore=docker.service\n',
          ),
        },
      ],
    },
  );

/** Every host with a runtime gets a flanneld, and its CNI configuration when that has a subnet. */
export const standaloneSteps = (lab: Lab, flannel: Flannel): Step[] => {
  const hosts = containerHosts(lab);
  const keeper = hosts.find(({ name }) => name === flannel.etcd?.node);
  if (!keeper) throw new Error('flannel was planned with an etcd on no host');
  return [
    etcdStep(keeper, flannel),
    ...hosts.flatMap((node) => [
      flanneldStep(node, keeper, flannel.version),
      cniStep(node, [`flannel:start:${node.name}`]),
      peersStep(node, { backend: flannel.backend, peers: hosts.length - 1, needs: [] }),
    ]),
  ];
};
