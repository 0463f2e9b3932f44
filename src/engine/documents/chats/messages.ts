import type { DocumentKind } from '../../../shared/domain/document-kinds.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { offerOf } from '../offered.ts';
import { problemsOf, readAs, wereOf, type ReadDocument, type Reading } from '../reading.ts';

/** A message of a speaker. */
export interface ChatMessage {
  readonly speaker: string;
  readonly text: string;
}

/** The contents of a chat's export, without what the program itself wrote. */
export interface Chat {
  readonly messages: readonly ChatMessage[];
  /** Messages with a picture, a recording or another file, and no text. */
  readonly media: number;
  /** Messages of the program: who joined, left or called. */
  readonly service: number;
}

/**
 * The text of a chat: a line for each message (or more, where it has more), with the speaker's name unless names are left out or one speaker is chosen.
 * @throws CharloomError('bad-text') when there is no such speaker
 */
export function textOfChat(kind: DocumentKind, chat: Chat, { name, choices }: Reading): ReadDocument {
  const bySpeaker = Map.groupBy(chat.messages, ({ speaker }) => speaker);
  const speakers = Array.from(bySpeaker, ([speaker, messages]) => ({
    name: speaker,
    values: messages.map(({ text }) => text),
  }));
  const offer = offerOf('speaker', speakers, null);
  const { speaker } = choices;
  if (speaker !== null && !bySpeaker.has(speaker)) throw unknownSpeaker(name, speaker, [...bySpeaker.keys()]);
  const taken = speaker === null ? chat.messages : (bySpeaker.get(speaker) ?? []);
  const lines = taken.map((message) =>
    speaker === null && choices.withNames ? `${message.speaker}: ${message.text}` : message.text,
  );
  return readAs(kind, lines.length === 0 ? '' : `${lines.join('\n')}\n`, {
    choice: { ...offer, taken: speaker, isSure: true },
    problems: problemsOf([
      [
        chat.media,
        (count) => `${wereOf(count, 'message without words', 'messages without words')} left out.`,
      ],
      [
        chat.service,
        (count) =>
          `${wereOf(count, 'message of the program itself', 'messages of the program itself')} left out.`,
      ],
    ]),
  });
}

function unknownSpeaker(file: string, speaker: string, speakers: readonly string[]): CharloomError {
  return new CharloomError('bad-text', `${file} has no speaker called “${speaker}”.`, {
    fix: `Its speakers: ${speakers
      .slice(0, 20)
      .map((each) => `“${each}”`)
      .join(', ')}.`,
  });
}
