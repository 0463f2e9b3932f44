import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { InspectionItem, InspectionMessage } from '../../src/shared/domain/inspection.ts';
import { session } from './sessions.ts';
import { wordyText, writeText } from './texts.ts';
import type { Heard, WorkbenchFolders } from './workbench.ts';

type Item<K extends InspectionItem['kind']> = Extract<InspectionItem, { kind: K }>;
type Asked = Exclude<InspectionMessage, { kind: 'stop' }>;

/** A page that looks inside a model: it asks, and waits for the answer of a kind. */
export class InspectionStream {
  readonly heard: Heard<'models.inspect'>;
  /** The number of the last question. */
  asked = 0;

  constructor(heard: Heard<'models.inspect'>) {
    this.heard = heard;
  }

  /** The first item of a kind, of all or of those that answer a question. */
  async item<K extends InspectionItem['kind']>(kind: K, request?: number): Promise<Item<K>> {
    return this.heard.item(
      (one): one is Item<K> =>
        one.kind === kind && (request === undefined || ('request' in one && one.request === request)),
    );
  }

  async ask<K extends InspectionItem['kind']>(
    message: { [M in Asked as M['kind']]: Omit<M, 'request'> }[Asked['kind']],
    kind: K,
  ): Promise<Item<K>> {
    const request = this.begin(message);
    return this.item(kind, request);
  }

  /** Asks without waiting; the question's number. */
  begin(message: { [M in Asked as M['kind']]: Omit<M, 'request'> }[Asked['kind']]): number {
    const request = ++this.asked;
    this.heard.stream.send({ ...message, request } as InspectionMessage);
    return request;
  }

  /** All items of a kind that answered a question. */
  answers<K extends InspectionItem['kind']>(kind: K, request = this.asked): Item<K>[] {
    return this.heard.items.filter(
      (one): one is Item<K> => one.kind === kind && 'request' in one && one.request === request,
    );
  }
}

/** Lines of words that start with a capital; some are speech, some have a bracket. */
export function talkingText(characters: number, seed = 1): string {
  const lines = wordyText(characters, seed).split('\n');
  return lines
    .map((line, index) => {
      const sentence = line.charAt(0).toUpperCase() + line.slice(1);
      if (index % 3 === 0) return `"${sentence}"`;
      return index % 3 === 1 ? sentence.replace(/ (\w+) (\w+) (\w+) /, ' ($1 $2 $3) ') : `${sentence}\n`;
    })
    .join('\n');
}

export interface TalkingRun {
  readonly text: string;
  readonly textPath: string;
  readonly checkpoints: string;
}

/** A run of a second or two on such a text, of which two fifths are held out; its name is `talk`. */
export async function talkingRun({ home, runs }: WorkbenchFolders): Promise<TalkingRun> {
  const text = talkingText(12_000);
  const textPath = writeText(home, 'talk.txt', text);
  mkdirSync(runs, { recursive: true });
  const settings = {
    name: 'talk',
    batchSize: 5,
    sequenceLength: 25,
    trainFraction: 0.6,
    validationFraction: 0.4,
    rnnSize: 24,
    numLayers: 2,
    learningRate: 0.01,
    evaluateEvery: 40,
    maxIterations: 160,
    maxEpochs: 4,
  };
  await session({ text: textPath, settings, runs });
  return { text, textPath, checkpoints: join(runs, readdirSync(runs)[0] ?? '', 'checkpoints') };
}
