import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerTransfer } from '../shared/ipc/transfers.ts';
import { limited } from './bodies.ts';
import { HttpError, sendError, sendReply } from './replies.ts';
import type { ServerOptions } from './server-options.ts';

/** Longer than any text that can be trained on. */
const largestUpload = 4 * 2 ** 30;

interface Upload {
  readonly name: string;
  readonly address: URL;
  readonly options: ServerOptions;
}

/** Receives a text, a part of one, or a model file: `PUT /upload/text?name=...` with the file as the body. */
export async function receiveUpload(
  request: IncomingMessage,
  response: ServerResponse,
  { name, address, options }: Upload,
): Promise<void> {
  const { workbench, onDefect } = options;
  const fileName = plainName(address.searchParams.get('name'));
  const body = limited(request, largestUpload);
  const reply =
    name === 'text'
      ? await answerTransfer('text', () => workbench.receiveText(fileName, body), onDefect)
      : name === 'part'
        ? await answerTransfer('part', () => workbench.receivePart(nameWithFolders(address), body), onDefect)
        : name === 'model'
          ? await answerTransfer('model', () => workbench.receiveModel(fileName, body), onDefect)
          : undefined;
  if (reply === undefined) throw new HttpError(404, 'Not found.');
  if (body.errored instanceof HttpError) return sendError(request, response, body.errored);
  if (!request.complete) response.setHeader('Connection', 'close');
  sendReply(response, reply);
}

/** The name with its folders, for display only, never used as a path. */
function nameWithFolders({ searchParams }: URL): string {
  return (searchParams.get('name') ?? '')
    .split(/[/\\]+/)
    .filter((part) => part.trim() !== '')
    .join('/')
    .slice(-1000);
}

/** The last part of a name, with any system's separator. */
function plainName(name: string | null): string {
  const last = name?.split(/[/\\]/).at(-1)?.trim() ?? '';
  if (last === '' || last === '.' || last === '..') throw new HttpError(400, 'The file needs a name.');
  return last.slice(-255);
}
