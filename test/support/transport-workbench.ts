import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { CharloomError } from '../../src/shared/errors.ts';
import type { RequestHandlers, StreamHandlers } from '../../src/shared/ipc/contract.ts';
import { defaultAppSettings } from '../../src/shared/domain/app.ts';
import type { Text } from '../../src/shared/domain/text.ts';
import type { Workbench } from '../../src/workbench/workbench-types.ts';

/**
 * The parts of a workbench that a transport's own tests need, answered immediately: the tests are about the transport, and results are identified by
 * their inputs.
 */
export class TransportWorkbench {
  readonly received: { readonly name: string; readonly bytes: number }[] = [];
  /** Streams that were opened and those whose page has gone. */
  readonly opened: unknown[] = [];
  readonly aborted: unknown[] = [];
  #push: ((line: string) => void)[] = [];

  /** Sends a line to every open `engines.test` stream. */
  tell(line: string): void {
    for (const push of this.#push) push(line);
  }

  asWorkbench(): Workbench {
    const requests: Partial<RequestHandlers> = {
      'settings.get': () => defaultAppSettings,
      'settings.change': ({ theme = 'system' }) => ({ ...defaultAppSettings, theme }),
      'texts.forget': ({ text }) => {
        if (text === 'defect') throw new TypeError('of undefined');
        throw new CharloomError('not-found', `There is no text "${text}".`, { fix: 'Import it again.' });
      },
      'engines.doctor': () => ({ report: 'x'.repeat(100_000) }),
    };
    const streams: Partial<StreamHandlers> = {
      'engines.test': async ({ engine }, side) => {
        this.opened.push(engine);
        if (engine === 'broken') throw new CharloomError('check-failed', 'It does not pass.');
        const tell = (line: string): void => side.push({ kind: 'log', line });
        this.#push.push(tell);
        tell(`testing ${engine}`);
        await new Promise((resolve) => side.signal.addEventListener('abort', resolve));
        this.#push = this.#push.filter((other) => other !== tell);
        this.aborted.push(engine);
      },
    };
    const receive = async (name: string, source: Readable): Promise<Text> => {
      const { length } = await buffer(source);
      this.received.push({ name, bytes: length });
      return { id: 't', title: name, path: '', bytes: length, source: 'upload', about: '', lastUsed: null };
    };
    const openCheckpoint = (run: string, file: string, format: string): Promise<unknown> => {
      if (run === 'none') throw new CharloomError('not-found', 'There is no such run.');
      const content = Buffer.from(`${run} ${file} ${format}`);
      return Promise.resolve({ name: file, bytes: content.length, stream: Readable.from([content]) });
    };
    const openExport = (ticket: string): Promise<unknown> => {
      if (ticket === 'none') throw new CharloomError('not-found', 'This export is no longer there.');
      const content = Buffer.from(`export ${ticket}`);
      return Promise.resolve({ name: 'a.zip', bytes: content.length, stream: Readable.from([content]) });
    };
    const parts = { handlers: { requests, streams }, receiveText: receive, openCheckpoint, openExport };
    return parts as unknown as Workbench;
  }
}
