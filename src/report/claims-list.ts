/** The claims of the seed documents for a terminal: by document, a line each, the reason below what is not plainly proved. */
import type { ClaimVerdict, Seed, SettledClaim } from '../claims/claims.ts';
import { plural } from '../lib/names.ts';
import { makePaint, oneLine, padEnd, type Paint, wrap } from './text.ts';

/** In the order of the last line. */
const looks: Record<ClaimVerdict, { mark: string; color: keyof Paint }> = {
  proved: { mark: '✓', color: 'green' },
  refuted: { mark: '≠', color: 'cyan' },
  failed: { mark: '✗', color: 'red' },
  'not testable here': { mark: '-', color: 'yellow' },
  'not run here': { mark: '·', color: 'dim' },
  'not covered': { mark: ' ', color: 'dim' },
};

const verdicts = Object.keys(looks) as ClaimVerdict[];

/** `columns`: width of the terminal. */
type ClaimsLooks = { color: boolean; columns: number; /** The reason and the run behind each. */ detail: boolean };

/**
 * Documents of which no claim is among `claims` are left out. Last come the counts, the runs behind them, and the command for what
 * was not run.
 */
export const renderClaims = (seeds: readonly Seed[], claims: readonly SettledClaim[], style: ClaimsLooks): string[] => {
  const paint = makePaint(style.color);
  const shown = seeds.flatMap((seed) => {
    const own = claims.filter(({ id }) => id.startsWith(`${seed.id}-`));
    return own.length === 0 ? [] : [`${paint.bold(seed.id)}  ${seed.title}`, ...renderSeed(own, paint, style), ''];
  });
  return [...shown, ...sumUp(claims, paint)];
};

const renderSeed = (claims: readonly SettledClaim[], paint: Paint, { columns, detail }: ClaimsLooks): string[] => {
  const ids = Math.max(...claims.map(({ id }) => id.length));
  const margin = ' '.repeat(ids + 6);
  const room = columns - margin.length;
  return claims.flatMap((claim) => {
    const { mark, color } = looks[claim.verdict];
    const [first = '', ...more] = wrap(claim.text, room);
    const why = detail || !plain.has(claim.verdict) ? describeVerdict(claim) : [];
    return [
      `  ${paint[color](mark)} ${padEnd(claim.id, ids)}  ${first}`,
      ...more.map((line) => margin + line),
      ...why.flatMap((text) => wrap(oneLine(text), room, 6)).map((line) => margin + paint.dim(line)),
    ];
  });
};

/** Verdicts that need no word of explanation in a long list. */
const plain: ReadonlySet<ClaimVerdict> = new Set(['proved', 'not run here', 'not covered']);

const describeVerdict = ({ verdict, why, scenario, at, lab, executed }: SettledClaim): string[] => [
  `${verdict}: ${why}`,
  ...(executed && at !== undefined ? [`${scenario} on ${lab ?? 'no lab'}, ${whenOf(at)}`] : []),
];

/** `2026-11-21 10:05 UTC` */
const whenOf = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;

const sumUp = (claims: readonly SettledClaim[], paint: Paint): string[] => {
  const of = (verdict: ClaimVerdict): SettledClaim[] => claims.filter((claim) => claim.verdict === verdict);
  const counts = verdicts.flatMap((verdict) => {
    const count = of(verdict).length;
    return count === 0 ? [] : [paint[looks[verdict].color](`${count} ${verdict}`)];
  });
  const runs = new Map(
    claims.flatMap(({ scenario, lab, at, executed }) => (executed ? [[scenario, `${scenario} on ${lab}, ${whenOf(at ?? '')}`]] : [])),
  );
  const wanted = [...new Set(of('not run here').flatMap(({ scenario }) => scenario ?? []))];
  return [
    `${plural(claims.length, 'claim')}: ${counts.join(', ')}`,
    ...[...runs.values()].map((run) => paint.dim(`run here: ${run}`)),
    ...(wanted.length === 0 ? [] : [paint.dim(`to run: ./edgelab run ${wanted.join(' ')}`)]),
  ];
};
