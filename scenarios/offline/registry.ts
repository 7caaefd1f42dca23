/** An image that is made in the lab, pushed to the lab's registry, and pulled by an edge for a pod. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { masterOf } from './cloud.ts';

/** A docker archive of one layer, in the form of `docker save`; the marker makes its content new every time. */
const build = String.raw`set -e
reference=$1
work=$(mktemp -d) && cd "$work"
mkdir root && cp /usr/bin/agnhost root/ && date +%s%N > root/marker
tar -C root -cf layer.tar .
layer=$(sha256sum layer.tar | cut -d ' ' -f 1)
printf '{"architecture":"%s","os":"linux","config":{"Entrypoint":["/agnhost"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
  "$(dpkg --print-architecture)" "$layer" > config.json
printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$reference" > manifest.json
tar -cf image.tar manifest.json config.json layer.tar
ctr -n k8s.io images import image.tar >/dev/null
ctr -n k8s.io images push --plain-http "$reference" >/dev/null
ctr -n k8s.io images ls name=="$reference" | awk 'NR == 2 { print $3 }'
cd / && rm -rf "$work"`;

export const checkRegistry = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const master = masterOf(lab);
  const [edge] = lab.nodes('edge') as [NodeHandle];
  const reference = `${master.name}:5000/plant/tool:1`;
  await removeTool(lab);
  const { text: digest } = await master.$({ input: build })`sh -s ${reference}`;
  const { text: tags } = await edge.$`curl -fsS ${`http://${master.name}:5000/v2/plant/tool/tags/list`}`;
  expect.that(tags.includes('"1"'), `${reference} is in the registry`, {
    from: edge.name,
    claims: ['S002-5'],
    how: `${tags}, ${digest.slice(0, 19)}…`,
  });
  const { exitCode: there } = await edge.$({ nothrow: true })`ctr -n k8s.io images ls -q | grep -x ${reference}`;
  expect.that(there !== 0, 'the edge does not have the image', { from: edge.name, claims: ['S002-5'] });
  const { text: trust } = await edge.$`cat ${`/etc/containerd/certs.d/${master.name}:5000/hosts.toml`}`;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'tool' },
    spec: {
      nodeName: edge.name,
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'tool', image: reference, args: ['netexec', '--http-port=8090'] }],
    },
  };
  await lab.kubectl({ input: JSON.stringify(pod) })`apply -f -`;
  await expect.eventually(`a pod of ${reference} runs`, '60s', async () => {
    const { text } = await lab.kubectl`get pod tool -o ${'jsonpath={.status.phase} {.status.containerStatuses[0].imageID}'}`;
    return {
      holds: text.startsWith('Running ') && text.includes(digest),
      from: edge.name,
      claims: ['S002-5'],
      expected: `Running ${digest.slice(0, 19)}…`,
      observed: text,
      how: 'pulled without TLS, as the hosts.toml of this registry allows',
      evidence: [{ at: `${edge.name} containerd`, saw: 'the registry is trusted', raw: trust }],
    };
  });
  const { lines } = await master.$`journalctl -u edgelab-registry --no-pager -o cat | grep ${edge.address} | grep -E ${'blobs|manifests'}`;
  expect.that(
    lines.some((line) => line.includes('/blobs/sha256:')),
    'the registry gave manifest and layer to the edge',
    {
      from: master.name,
      claims: ['S002-5'],
      how: `${String(lines.length)} requests of ${edge.address}`,
      evidence: lines.slice(0, 2).map((raw) => ({ at: `${master.name} registry`, saw: 'a request', raw })),
    },
  );
};

/** The pod, and what an edge has of its image: the next run makes another one of the same name. */
export const removeTool = async (lab: LabHandle): Promise<void> => {
  await lab.kubectl`delete pod tool --ignore-not-found --timeout=60s`;
  await Promise.all(
    lab
      .nodes('edge')
      .map(({ $ }) => $({ nothrow: true })`ctr -n k8s.io images ls -q | grep /plant/tool | xargs -r ctr -n k8s.io images rm`),
  );
};
