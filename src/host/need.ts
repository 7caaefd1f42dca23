/** What a plan asks of the machine: memory by figures measured per kind of node, and kernel features by what is in it. */
import { isIpv6 } from '../lib/ipv6.ts';
import type { Plan } from '../model/plan.ts';

const mebibyte = 2 ** 20;

/** Working set in bytes by the role a container has; routers and plain hosts are a few processes. */
const memoryByRole: Record<string, number> = { 'control-plane': 1100 * mebibyte, worker: 400 * mebibyte, edge: 200 * mebibyte };
const memoryOfOthers = 8 * mebibyte;

/** Bytes, of all containers of the plan together. */
export const memoryNeed = ({ containers }: Pick<Plan, 'containers'>): number =>
  containers.reduce((sum, { role }) => sum + (memoryByRole[role] ?? memoryOfOthers), 0);

/** inotify instances by role: systemd, containerd, kubelet or edgecore, and the pods of a node (counted on a running lab). */
const inotifyByRole: Record<string, number> = { 'control-plane': 28, worker: 16, edge: 12 };

/** Instances (`fs.inotify.max_user_instances`), of all containers of the plan together. */
export const inotifyNeed = ({ containers }: Pick<Plan, 'containers'>): number =>
  containers.reduce((sum, { role }) => sum + (inotifyByRole[role] ?? 0), 0);

/** Whether nodes of the plan run pods. */
export const hasPods = ({ containers }: Pick<Plan, 'containers'>): boolean => containers.some(({ role }) => role in inotifyByRole);

/** Ids of the kernel features without which this plan cannot work. */
export const featureNeed = ({ containers, features }: Pick<Plan, 'containers' | 'features'>): Set<string> => {
  const needed = new Set(features);
  if (containers.some(({ role }) => role === 'router')) needed.add('nf-tables');
  if (containers.some(({ interfaces }) => interfaces.some(({ addresses }) => addresses.some(isIpv6)))) needed.add('ipv6');
  if (containers.some(({ store }) => store)) needed.add('overlay');
  return needed;
};
