/** `edgelab bench`: the figures of docs/benchmarks.md, measured on this machine. */
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';

export const addBench = (_program: Command, _cli: Cli): void => {
  // Added with the benchmark itself.
};
