/** Face of the bench room: how the figures of docs/benchmarks.md are made. */
export { benchNetwork, isWhole, type NetworkFigures, type NetworkTrial } from './bench-network.ts';
export { benchSoak, type SoakFigures, type SoakTrial } from './bench-soak.ts';
export {
  benchTunnel,
  benchTunnelUps,
  type Route,
  type TunnelFigures,
  type TunnelTrial,
  type UpsTrial,
  type Which,
} from './bench-tunnel.ts';
export { benchUp, type UpFigures, type UpTrial } from './bench-up.ts';
export { planToScript } from './plan-script.ts';
export type { Backend, BenchLab } from './network-labs.ts';
