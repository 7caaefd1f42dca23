/** The ways of making conditions, the best first, and the choice among them. */
import type { LinkConditions, LinkFacts } from '../model/link.ts';
import { isActive, type Conditioner, type Way } from './conditioner.ts';
import { netem } from './netem.ts';
import { randomDrop } from './random-drop.ts';
import { tokenBucketOnly } from './token-bucket.ts';
import { wire } from './wire.ts';

const conditioners: readonly Conditioner[] = [netem, tokenBucketOnly, wire, randomDrop];

/** Undefined for a direction in which nothing is to be done; a text says why nobody can do it. */
export const chooseConditioner = (way: Way, facts: LinkFacts): Conditioner | undefined | string => {
  if (!isActive(way.condition)) return undefined;
  const answers = conditioners.map((conditioner) => ({ conditioner, answer: conditioner.supports(way, facts) }));
  const able = answers.find(({ answer }) => answer === true);
  if (able) return able.conditioner;
  const reasons = new Set(answers.flatMap(({ answer }) => (typeof answer === 'string' && !answer.startsWith('tbf only') ? [answer] : [])));
  return [...reasons].join('; ');
};

/** Why a machine with these facts cannot make these conditions; undefined when it can. */
export const findUnsupported = (conditions: LinkConditions, facts: LinkFacts): string | undefined => {
  const ways = (['up', 'down'] as const).map((direction) => ({ device: 'eth0', direction, condition: conditions[direction] }));
  return ways.map((way) => chooseConditioner(way, facts)).find((answer) => typeof answer === 'string');
};
