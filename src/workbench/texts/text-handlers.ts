import { basename } from 'node:path';
import type { TextWish } from '../../shared/domain/made-text.ts';
import { titleOfFiles } from '../../shared/format/title-of-files.ts';
import type { RequestHandlers, StreamHandlers } from '../../shared/ipc/contract.ts';
import type { WorkbenchContext } from '../context.ts';
import { serveTask } from '../task-stream.ts';
import { madeTextOf } from './made-text.ts';
import { makeText } from './make-text.ts';
import { withTitle } from './with-title.ts';

type Names = Extract<keyof RequestHandlers, `texts.${string}`>;

export function textHandlers(context: WorkbenchContext): Pick<RequestHandlers, Names> {
  const { texts, options } = context;
  return {
    'texts.list': () => texts.list(),
    'texts.choose': async () => {
      const paths = await options.host.chooseTexts();
      return paths.length === 0 ? null : makeText(context, wishFor(context, paths));
    },
    'texts.make': (wish) => makeText(context, wish),
    'texts.made': async ({ text }) => madeTextOf(await texts.get(text)),
    'texts.forget': async ({ text }) => {
      await texts.forget(text);
      return null;
    },
    'texts.restore': ({ text }) => texts.restore(text),
  };
}

export function textStreams({
  texts,
  readings,
  options,
}: WorkbenchContext): Pick<StreamHandlers, 'texts.inspect' | 'texts.readings' | 'texts.changes'> {
  let opened = 0;
  return {
    'texts.readings': async (_params, side) => {
      side.onMessage(({ reading }) => readings.cancel(reading));
      const stop = readings.listen((current) => side.push({ readings: current }));
      side.push({ readings: readings.current });
      await new Promise((resolve) => side.signal.addEventListener('abort', resolve, { once: true }));
      stop();
    },
    'texts.changes': async ({ text: id, encoding, steps }, side) => {
      const text = await texts.get(id);
      await serveTask({
        fork: options.fork,
        name: `charloom-changes-${++opened}`,
        job: { kind: 'find-changes', textPath: text.path, encoding, steps },
        side,
      }).catch((error: unknown) => {
        throw withTitle(error, text);
      });
    },
    'texts.inspect': async ({ text: id, reading, cut }, side) => {
      const text = await texts.get(id);
      const { path } = text;
      await serveTask({
        fork: options.fork,
        name: `charloom-reader-${++opened}`,
        job: { kind: 'inspect', textPath: path, reading, cut },
        side,
        onItem: (item) => {
          if (item.kind === 'report') {
            void texts.note(id, item.report.vocabulary.length).catch(options.onDefect);
          }
        },
      }).catch((error: unknown) => {
        throw withTitle(error, text);
      });
    },
  };
}

/** Files that were chosen together become one text. */
function wishFor({ imported }: WorkbenchContext, paths: readonly string[]): TextWish {
  const inputs = paths.map((path) => {
    return { from: { kind: 'imported' as const, part: imported.add(path) }, choices: null, cleaning: null };
  });
  return { text: null, title: titleOfFiles(paths.map((path) => basename(path))), inputs, separator: '' };
}
