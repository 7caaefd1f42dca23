/** Where an agent of EdgeMesh listens on its node, and by which names its objects are known. */

/** Address of the bridge `edgemesh0` on every node (upstream `commonConfig.bridgeDeviceIP`): ClusterIPs lead to it, edges ask it for names. */
export const bridgeAddress = '169.254.96.16';

/** The namespace that keadm makes. */
export const namespace = 'kubeedge';
/** DaemonSet, ServiceAccount, roles and ConfigMap are called after the agent. */
export const agentName = 'edgemesh-agent';
/** Deployment, ServiceAccount, roles and ConfigMap are called after the gateway. */
export const gatewayName = 'edgemesh-gateway';
/** Secret with the key that agents and gateway share. */
export const pskSecret = `${agentName}-psk`;
/** Folder the Secret is mounted at, and the file in it. */
export const pskFolder = '/etc/edgemesh/psk';
/** Also the key of that file in the Secret. */
export const pskFile = 'psk';
