/**
 * A node of a lab sees the host's disk and memory, of which it has no share to give back: whatever is left of them, its pods
 * stay and its images are kept. kubelet and edgecore would evict all pods once a disk is 85 % full, as many a laptop's is.
 */
export const evictionHard = {
  'imagefs.available': '0%',
  'imagefs.inodesFree': '0%',
  'nodefs.available': '0%',
  'nodefs.inodesFree': '0%',
  'memory.available': '0%',
} as const;

/** Per cent of the disk: images are never removed to make room. */
export const imageGCHighThresholdPercent = 100;
