/** What flanneld tells its host: which subnet it has. */
import type { NodeHandle } from 'edgelab';

export type SubnetFile = {
  network: string;
  /** With prefix; its address is the first of the subnet, the bridge's. */ subnet: string;
  mtu: string;
};

export const readSubnetFile = async ({ $ }: NodeHandle): Promise<SubnetFile> => {
  const { stdout } = await $`cat /run/flannel/subnet.env`;
  const value = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(stdout)?.[1] ?? '';
  return { network: value('FLANNEL_NETWORK'), subnet: value('FLANNEL_SUBNET'), mtu: value('FLANNEL_MTU') };
};

/** `10.149.84.1/24` → `10.149.84.0`. */
export const networkOf = (subnet: string): string => subnet.replace(/\.\d+\/\d+$/, '.0');
