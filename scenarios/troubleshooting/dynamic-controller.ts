/** dynamicController: what the metaServers of all edges ask the cloud through. Off in cloudcore unless it is told otherwise. */
import type { Expect, LabHandle } from 'edgelab';
import { checkAllRunning, checkListing } from './services.ts';

const pattern = /(dynamicController:\s*\n\s*enable: )(\w+)/;

const readYaml = async (lab: LabHandle): Promise<string> =>
  (await lab.kubectl`-n kubeedge get configmap cloudcore -o ${'jsonpath={.data.cloudcore\\.yaml}'}`).stdout;

/** The edit of the seed, `kubectl edit configmap cloudcore`, and its restart. */
const set = async (lab: LabHandle, on: boolean): Promise<void> => {
  const yaml = (await readYaml(lab)).replace(pattern, `$1${String(on)}`);
  await lab.kubectl`-n kubeedge patch configmap cloudcore --type merge -p ${JSON.stringify({ data: { 'cloudcore.yaml': yaml } })}`;
  await lab.kubectl`-n kubeedge rollout restart deployment cloudcore`;
  await lab.kubectl({ timeout: '120s' })`-n kubeedge rollout status deployment cloudcore --timeout=110s`;
};

export const switchOffDynamicController = async (lab: LabHandle, expect: Expect): Promise<void> => {
  await set(lab, false);
  await checkAllRunning(lab, expect, 'without-dynamic-controller');
  await checkListing(lab, expect, 'without-dynamic-controller', false, ['S001-TRB-1']);
};

export const cureDynamicController = async (lab: LabHandle, expect: Expect): Promise<void> => {
  await set(lab, true);
  await checkListing(lab, expect, 'with-dynamic-controller', true, ['S001-TRB-2', 'S001-TRB-4']);
};

export const restoreDynamicController = async (lab: LabHandle): Promise<void> => {
  if (pattern.exec(await readYaml(lab))?.[2] === 'false') await set(lab, true);
};
