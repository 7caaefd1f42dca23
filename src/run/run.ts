/** The face of the executor: bring a lab up, take it down, say how it is. */
export { up, type RunningLab, type UpOptions } from './up.ts';
export { down, downAll, type DownOptions, type Removed } from './teardown.ts';
export { runAlone, type AloneOptions, type Job } from './run-alone.ts';
export { status, type ContainerStatus } from './status.ts';
export { changeLinks, conditionLink, findLinkPlaces, probeLinks, putLinks, readLink, type FoundLink } from './links.ts';
export { swapRouters, type SwapOptions } from './swap-routers.ts';
export { awaitOnline, restartContainers } from './restart.ts';
export {
  beginFault,
  forgetBindings,
  healAll,
  listFaults,
  partitionOf,
  routerAt,
  type FaultScene,
  type FaultSpec,
  type Heal,
} from './faults.ts';
export { actFault, describeFault } from './act-fault.ts';
export { playFaults, timelineMs, type FaultTurn } from './play-faults.ts';
export { watchReach, type Reaction } from './watch-reach.ts';
export { captureBounds, recordPackets, type Recorded, type Recording } from './record-packets.ts';
export type { CapturePoint } from './tcpdump-at.ts';
