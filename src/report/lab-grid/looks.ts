/** How a cell of a grid of labs looks on a terminal. */
import type { LabCell } from '../../model/lab-grid.ts';
import type { Paint } from '../text.ts';

/** By standing; `word` stands behind a count. */
export const looks: Record<LabCell['standing'], { mark: string; color: keyof Paint; word: string }> = {
  passed: { mark: '✓', color: 'green', word: 'passed' },
  failed: { mark: '✗', color: 'red', word: 'failed' },
  known: { mark: '~', color: 'yellow', word: 'known failures' },
  fixed: { mark: '+', color: 'cyan', word: 'fixed' },
  skipped: { mark: '-', color: 'dim', word: 'skipped' },
};
