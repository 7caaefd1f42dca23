/**
 * flannel's CNI configuration, put on a node when flannel has written its subnet there. Upstream's init container puts
 * it before flannel starts: the node turns Ready too early, and the first pods fail and back off for ten seconds.
 */
import type { LabNode } from '../../model/lab.ts';
import type { Step, StepId } from '../../model/plan.ts';
import { edgeNewsSeconds, waitStep } from '../step.ts';

/** As in flannel's own manifest (`cni-conf.json`). */
const conflist = JSON.stringify({
  name: 'cbr0',
  cniVersion: '0.3.1',
  plugins: [
    { type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
});

/** `needs`: steps after which flannel begins to run on the node. */
export const cniStep = (node: LabNode, needs: StepId[]): Step =>
  waitStep(
    { id: `flannel:cni:${node.name}`, title: `flannel serves ${node.name}`, phase: 'flannel', needs, timeoutSeconds: edgeNewsSeconds },
    node.name,
    {
      // written under another name first: containerd must never read half a file
      text: [
        'until [ -s /run/flannel/subnet.env ]; do echo "flannel has written no subnet yet"; sleep 0.2; done',
        'cd /etc/cni/net.d && cat > .10-flannel.conflist.new && mv .10-flannel.conflist.new 10-flannel.conflist',
      ].join('\n'),
      stdin: conflist,
    },
  );
