/** Lines that plain and live progress have in common. */
import { plural } from '../lib/names.ts';
import type { LabEvent } from '../model/event.ts';
import { formatRoughly, oneLine, type Paint } from './text.ts';

type Of<Type extends LabEvent['type']> = Extract<LabEvent, { type: Type }>;

/** `warning: …`, or the text alone. */
export const describeNotice = ({ level, text }: Of<'notice'>, paint: Paint): string =>
  level === 'warning' ? `${paint.yellow('warning')}: ${text}` : text;

/** `images   ready (14 of 14)`, `images   building node (3 of 14)`. */
export const describeImages = ({ state, image, done, total, seconds }: Of<'images'>): string => {
  const what = image === undefined ? state : `${state} ${image}`;
  const time = seconds === undefined || seconds < 1 ? '' : `  ${formatRoughly(seconds)}`;
  return `images   ${what}${total === 0 ? '' : ` (${done} of ${total})`}${time}`;
};

/** What `down` removed, or that there was nothing. */
export const describeDown = ({ lab, removed, seconds }: Of<'down-finished'>): string => {
  const things = (['containers', 'networks', 'volumes'] as const)
    .filter((kind) => removed[kind] > 0)
    .map((kind) => plural(removed[kind], kind.slice(0, -1)));
  return things.length === 0
    ? `${oneLine(lab)} is down: there was nothing to remove`
    : `${oneLine(lab)} is down: removed ${things.join(', ')} in ${formatRoughly(seconds)}`;
};
