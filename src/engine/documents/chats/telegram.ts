import { z } from 'zod';
import type { ReadDocument, Reading } from '../reading.ts';
import { textOfChat, type Chat, type ChatMessage } from './messages.ts';

/** A message's text is a string, or a list of strings and formatted parts. */
const textSchema = z.union([z.string(), z.array(z.union([z.string(), z.object({ text: z.string() })]))]);
const messageSchema = z.object({
  type: z.string(),
  from: z.string().nullish(),
  text: textSchema.nullish(),
});
const chatSchema = z.object({ messages: z.array(z.unknown()) });
const singleSchema = chatSchema.extend({ type: z.string(), id: z.number() });
const manySchema = z.object({ chats: z.object({ list: z.array(chatSchema) }) });

/** Telegram's name for deleted accounts. */
const deletedAccount = 'Deleted account';

/** The chats of a Telegram export (JSON); null for any other value. */
export function telegramChats(value: unknown): readonly (readonly unknown[])[] | null {
  const many = manySchema.safeParse(value);
  if (many.success) return many.data.chats.list.map(({ messages }) => messages);
  const single = singleSchema.safeParse(value);
  return single.success ? [single.data.messages] : null;
}

/**
 * Reads a Telegram export: one chat, or all of them one after the other.
 * @throws CharloomError('bad-text') if the chosen speaker does not occur
 */
export function readTelegram(chats: readonly (readonly unknown[])[], reading: Reading): ReadDocument {
  return textOfChat('telegram', messagesOf(chats.flat()), reading);
}

function messagesOf(entries: readonly unknown[]): Chat {
  const messages: ChatMessage[] = [];
  let media = 0;
  let service = 0;
  for (const entry of entries) {
    const message = messageSchema.safeParse(entry).data;
    if (message?.type !== 'message') {
      service += 1;
      continue;
    }
    const text = plainText(message.text ?? '').trim();
    if (text === '') media += 1;
    else messages.push({ speaker: message.from ?? deletedAccount, text });
  }
  return { messages, media, service };
}

function plainText(text: z.infer<typeof textSchema>): string {
  if (typeof text === 'string') return text;
  return text.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}
