import type { IpcMain, MessageChannelMain } from 'electron';
import { z } from 'zod';
import { CharloomError } from '../../shared/errors.ts';
import { answer } from '../../shared/ipc/answer.ts';
import { channels } from '../../shared/ipc/preload-api.ts';
import { nameSchema } from '../../shared/domain/common.ts';
import { serveStreams } from '../../shared/ipc/stream-server.ts';
import { answerTransfer } from '../../shared/ipc/transfers.ts';
import type { Workbench } from '../../workbench/workbench-types.ts';
import type { FileDialogs } from '../services/file-dialogs.ts';
import { handle, type IpcHandler, type TrustedSender } from './handle.ts';
import { portConnection } from './port-connection.ts';

export interface ChannelOptions {
  readonly ipc: Pick<IpcMain, 'handle'>;
  readonly trusted: TrustedSender;
  readonly workbench: Workbench;
  readonly dialogs: FileDialogs;
  readonly createChannel: () => Pick<MessageChannelMain, 'port1' | 'port2'>;
  readonly onDefect: (error: unknown) => void;
}

const requestArgs = z.tuple([z.string().max(64), z.unknown()]);
const pathWords = z.tuple([z.string().max(32_768)]);
const exportWords = z.tuple([nameSchema, nameSchema, z.enum(['safetensors', 'json'])]);
const ticketWords = z.tuple([nameSchema]);
const nonceWords = z.tuple([z.uuid()]);

/** Answers every channel that a page can reach. */
export function answerChannels(options: ChannelOptions): void {
  const { ipc, trusted, workbench, dialogs, onDefect } = options;
  const listen = (channel: string, handler: IpcHandler): void => handle(ipc, channel, trusted, handler);

  listen(channels.request, (_event, ...words) => {
    const [name, params] = requestArgs.parse(words);
    return answer(workbench.handlers.requests, name, params, onDefect);
  });
  listen(channels.addText, (_event, ...words) => {
    return answerTransfer('text', async () => workbench.addTextFile(pathIn(words)), onDefect);
  });
  listen(channels.addPart, (_event, ...words) => {
    return answerTransfer('part', async () => workbench.addPartFile(pathIn(words)), onDefect);
  });
  listen(channels.importModel, (_event, ...words) => {
    return answerTransfer('model', async () => workbench.addModelFile(pathIn(words)), onDefect);
  });
  listen(channels.exportCheckpoint, (_event, ...words) => {
    const [run, file, format] = exportWords.parse(words);
    const work = (): Promise<null> => dialogs.saveCheckpoint(workbench, { run, file, format });
    return answerTransfer('export', work, onDefect);
  });
  listen(channels.saveExport, (_event, ...words) => {
    const [ticket] = ticketWords.parse(words);
    return answerTransfer('saved', () => dialogs.saveExport(workbench, ticket), onDefect);
  });
  listen(channels.connect, (event, ...words) => {
    const [nonce] = nonceWords.parse(words);
    const { port1, port2 } = options.createChannel();
    serveStreams(portConnection(port1), workbench.handlers.streams, onDefect);
    port1.start();
    event.senderFrame?.postMessage(channels.port, nonce, [port2]);
    return Promise.resolve({ ok: true, value: null });
  });
}

/** The path that the preload script determined; '' for something dragged from a browser or another program that is not a file. */
function pathIn(words: readonly unknown[]): string {
  const [path] = pathWords.parse(words);
  if (path !== '') return path;
  throw new CharloomError('not-found', 'The dropped item is not a file on this computer.', {
    fix: 'Save it as a file first, then drop the file.',
  });
}
