/** What kubeadm leaves on the control-plane node. */

/** Credentials of the cluster's administrator, a file. */
export const adminKubeconfig = '/etc/kubernetes/admin.conf';
