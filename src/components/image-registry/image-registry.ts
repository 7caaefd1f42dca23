/** A registry inside the lab, as a service of one node; everything that runs containers takes images from it, without TLS. */
import { runsContainers } from '../../lib/containers.ts';
import type { Lab, LabNode } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import type { Component } from '../component.ts';
import { imageRepository } from '../kubernetes/images.ts';
import { allNodes, awaitRuntime, execStep, waitStep } from '../step.ts';

const phase = 'registry';
const port = 5000;

const keeperOf = (lab: Lab): LabNode => {
  const node = allNodes(lab).find(({ name }) => name === lab.install.registry?.node);
  if (!node) throw new Error('a registry was planned for a node that the lab does not have');
  return node;
};

const run = `ctr -n k8s.io run --rm --net-host --mount type=bind,src=/var/lib/registry,dst=/var/lib/docker-registry,options=rbind:rw docker.io/${imageRepository}/registry:2 registry`;

const unit = `[Unit]
Description=image registry
After=containerd.service
Requires=containerd.service

[Service]
ExecStartPre=-/usr/bin/ctr -n k8s.io tasks rm --force registry
ExecStartPre=-/usr/bin/ctr -n k8s.io containers rm registry
ExecStart=/usr/bin/${run}
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
`;

const startStep = (node: LabNode): Step =>
  execStep(
    { id: 'registry:start', title: `registry on ${node.name}`, phase, needs: [`link:${node.name}`], timeoutSeconds: 60 },
    node.name,
    {
      text: [
        'set -e',
        awaitRuntime,
        // Debian's service runs as a user of its own
        'install -d -m 1777 /var/lib/registry',
        'systemctl enable --quiet --now edgelab-registry',
      ].join('\n'),
    },
    { files: [{ path: '/etc/systemd/system/edgelab-registry.service', mode: 0o644, content: unit }] },
  );

/** containerd reads it at each pull; Docker when it is told to. */
const trustStep = (node: LabNode, registry: string): Step =>
  execStep(
    {
      id: `registry:trust:${node.name}`,
      title: `${node.name} trusts ${registry}`,
      phase,
      needs: [`link:${node.name}`],
      timeoutSeconds: 60,
    },
    node.name,
    {
      text: node.runtime === 'docker' ? `${awaitRuntime}\nuntil systemctl reload docker 2>/dev/null; do sleep 0.1; done` : 'true',
    },
    {
      files: [
        {
          path: `/etc/containerd/certs.d/${registry}/hosts.toml`,
          mode: 0o644,
          content: `server = "http://${registry}"\n\n[host."http://${registry}"]\n  capabilities = ["pull", "resolve", "push"]\n`,
        },
        ...(node.runtime === 'docker'
          ? [{ path: '/etc/docker/daemon.json', mode: 0o644, content: `${JSON.stringify({ 'insecure-registries': [registry] })}\n` }]
          : []),
      ],
    },
  );

/** Every node that takes images reaches it by its name. */
const readyStep = (node: LabNode, registry: string): Step =>
  waitStep(
    {
      id: `registry:ready:${node.name}`,
      title: `${node.name} reaches ${registry}`,
      phase,
      needs: ['registry:start', `registry:trust:${node.name}`],
      timeoutSeconds: 60,
    },
    node.name,
    {
      text: 'until curl -fsS --max-time 2 "http://$REGISTRY/v2/" 2>&1; do sleep 0.2; done',
      env: { REGISTRY: registry },
    },
    true,
  );

/** At `<node>:5000` by HTTP, and empty at first. */
export const imageRegistry: Component = {
  kind: 'registry',
  wanted: (lab) => lab.install.registry !== undefined,
  title: (lab) => `registry ${keeperOf(lab).name}:${String(port)}`,
  storeImages: () => ['registry'],
  steps: (lab) => {
    const keeper = keeperOf(lab);
    const registry = `${keeper.name}:${String(port)}`;
    const nodes = allNodes(lab).filter(runsContainers);
    return [startStep(keeper), ...nodes.flatMap((node) => [trustStep(node, registry), readyStep(node, registry)])];
  },
};
