import { z } from 'zod';
import type { ReadDocument, Reading } from '../reading.ts';
import { textOfChat, type ChatMessage } from './messages.ts';

const messageSchema = z.object({
  type: z.string(),
  content: z.string(),
  author: z.object({ name: z.string(), nickname: z.string().nullish() }),
});
const exportSchema = z.object({
  guild: z.unknown(),
  channel: z.object({ name: z.string() }),
  messages: z.array(z.unknown()),
});

/** Message types written by people; all others report members, pins and calls. */
const spoken = new Set(['Default', 'Reply']);

/** The messages of a Discord export (JSON of DiscordChatExporter); null for any other value. */
export function discordMessages(value: unknown): readonly unknown[] | null {
  const found = exportSchema.safeParse(value);
  return found.success && found.data.guild !== undefined ? found.data.messages : null;
}

/**
 * Reads a Discord export.
 * @throws CharloomError('bad-text') if the chosen speaker does not occur
 */
export function readDiscord(entries: readonly unknown[], reading: Reading): ReadDocument {
  const messages: ChatMessage[] = [];
  let media = 0;
  let service = 0;
  for (const entry of entries) {
    const message = messageSchema.safeParse(entry).data;
    if (message === undefined || !spoken.has(message.type)) service += 1;
    else if (message.content.trim() === '') media += 1;
    else {
      const { nickname, name } = message.author;
      messages.push({ speaker: nickname ?? name, text: message.content.trim() });
    }
  }
  return textOfChat('discord', { messages, media, service }, reading);
}
