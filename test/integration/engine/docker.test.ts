import test from 'ava';
import { engineContract } from '../../engine/contract.ts';
import { withDocker } from './real-docker.ts';

await withDocker(test, (engine, image) => engineContract(test, { engine, image }));
