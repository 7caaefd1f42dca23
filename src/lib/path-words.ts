/** The path of a flow in a few words, the same in every report. */
import type { Path } from '../model/check.ts';
import { listWords } from './names.ts';

const kindWords = ({ kind, through, by, at }: Path): string => {
  switch (kind) {
    case 'routed':
      return `routed through ${listWords(through)}`;
    case 'relayed':
      return `relayed by ${by ?? listWords(through)}`;
    case 'gateway':
      return `through gateway ${by ?? listWords(through)}`;
    case 'lost':
      return `lost${at === undefined ? '' : ` at ${at}`}`;
    case 'local':
    case 'direct':
    case 'unknown':
      return kind;
  }
};

/** `relayed by cloud`, `direct, rewritten to 10.244.1.0`, `lost at internet-core`. */
export const sayPath = (path: Path): string =>
  `${kindWords(path)}${path.rewritten === undefined ? '' : `, rewritten to ${path.rewritten}`}`;
