/** The face of the probes room: attempts as argv, and readers of how they ended. Pure: it starts nothing. */
export { inPodFunction, makeBatch, readBatch, readTranslations, type BatchProbe, type Translation } from './batch.ts';
export { httpArgv, portChoices, readHttp, type HttpProbe } from './http.ts';
export { inconclusive, type Observation, type ProbeResult } from './observation.ts';
export { readUdp, udpArgv, type UdpProbe } from './udp.ts';
export { icmpHeader, pingArgv, readPing, type PingProbe } from './ping.ts';
