/** A block of lines that changes in place on a terminal while work goes on; the only importer of listr2, which draws it. */
import {
  DefaultRenderer,
  Listr,
  ListrDefaultRendererLogLevels as Level,
  ListrLogger,
  type ListrTask,
  ProcessOutput,
  Spinner,
} from 'listr2';
import type { Stream } from './stream.ts';
import type { Paint } from './text.ts';

/** What a row says at a moment. With `end` it stops changing and gets a mark instead of the spinner. */
export type LiveRow = {
  /** The row is not shown while this is empty. */
  text: string;
  end?: 'done' | 'failed' | 'cancelled';
};

/** Rows that are drawn in place until all of them have ended. */
export type LiveBlock = {
  /** Draws until `close`; resolves when the last state is on the terminal. */
  run(): Promise<void>;
  /** Everything the rows say now is final. */
  close(): void;
};

/** Which rows there are, where they are drawn, and who knows what they say. */
type LiveOptions = {
  stream: Stream;
  paint: Paint;
  /** One key per row, in order. */
  keys: readonly string[];
  /** Asked four times a second: what the row shows now. */
  look: (key: string) => LiveRow;
  /** Take the block away when it is over. */
  vanish?: boolean;
};

/** Slower than usual: the two cores of a small machine have better things to do than to turn a wheel. */
const frameMs = 250;

/** Draws on whatever stream it is given; that it is a terminal has been found out before. */
class AnyStreamRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

class IndentedSpinner extends Spinner {
  readonly #beforeFrame: () => void;
  constructor(beforeFrame: () => void) {
    super();
    this.#beforeFrame = beforeFrame;
  }
  override start(draw?: () => void): void {
    super.start(() => {
      this.#beforeFrame();
      draw?.();
    }, frameMs);
  }
  override fetch(): string {
    return `  ${super.fetch()}`;
  }
}

type Row = { end: PromiseWithResolvers<undefined>; task?: { title?: string } };

/** listr2 only displays: its tasks wait for the end of their row and do nothing. */
export const makeLiveBlock = ({ stream, paint, keys, look, vanish = false }: LiveOptions): LiveBlock => {
  // listr2 asks for a real one, but only writes, asks for the width and looks whether it is a terminal.
  const terminal = stream as unknown as ConstructorParameters<typeof ProcessOutput>[0];
  const rows = new Map(keys.map((key): [string, Row] => [key, { end: Promise.withResolvers<undefined>() }]));
  const update = (): void => {
    for (const [key, { task, end }] of rows) {
      const seen = look(key);
      // Set past the events of listr2, each of which would draw the whole block.
      if (task !== undefined) task.title = seen.text;
      if (seen.end !== undefined) end.resolve(undefined);
    }
  };
  const toTask = (key: string, row: Row): ListrTask => ({
    title: ' ',
    task: async (_, wrapper) => {
      row.task = wrapper.task;
      update();
      await row.end.promise;
      const { end } = look(key);
      if (end === 'failed') throw new Error('failed');
      if (end === 'cancelled') wrapper.skip();
    },
  });
  // Made when it runs: listr2 remembers how the stream writes at that moment, which an earlier block may have changed.
  const makeList = () =>
    new Listr(
      [...rows].map(([key, row]) => toTask(key, row)),
      {
        concurrent: true,
        exitOnError: false,
        registerSignalListeners: false,
        fallbackRendererCondition: false,
        renderer: AnyStreamRenderer,
        rendererOptions: {
          formatOutput: 'truncate',
          clearOutput: vanish,
          showErrorMessage: false,
          showSkipMessage: false,
          logger: new ListrLogger({ useIcons: true, toStderr: [], processOutput: new ProcessOutput(terminal, terminal) }),
          spinner: new IndentedSpinner(update),
          icon: { [Level.COMPLETED]: '  ✓', [Level.FAILED]: '  ✗', [Level.SKIPPED_WITH_COLLAPSE]: '  -' },
          color: {
            [Level.COMPLETED]: colored(paint.green),
            [Level.FAILED]: colored(paint.red),
            [Level.SKIPPED_WITH_COLLAPSE]: colored(paint.dim),
            [Level.PENDING]: colored(paint.cyan),
          },
        },
      },
    );
  return {
    run: async () => {
      await makeList().run();
    },
    close: () => {
      update();
      for (const { end } of rows.values()) end.resolve(undefined);
    },
  };
};

const colored =
  (paint: (text: string) => string) =>
  (text = ''): string =>
    paint(text);
