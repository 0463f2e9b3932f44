import { z } from 'zod';
import { failureSchema } from '../domain/common.ts';

/**
 * Frames of the connection that carries streams (a MessagePort in Electron, a WebSocket in a browser). Requests travel separately (ipcMain.handle,
 * HTTP) and have no frames.
 */
const streamId = z.int().nonnegative();

/** From a page. */
export const pageFrameSchema = z.discriminatedUnion('frame', [
  z.strictObject({ frame: z.literal('open'), id: streamId, name: z.string().max(64), params: z.unknown() }),
  z.strictObject({ frame: z.literal('message'), id: streamId, message: z.unknown() }),
  z.strictObject({ frame: z.literal('close'), id: streamId }),
]);
export type PageFrame = Readonly<z.infer<typeof pageFrameSchema>>;

/** To a page. */
export const hostFrameSchema = z.discriminatedUnion('frame', [
  z.strictObject({ frame: z.literal('item'), id: streamId, item: z.unknown() }),
  z.strictObject({ frame: z.literal('end'), id: streamId }),
  z.strictObject({ frame: z.literal('failure'), id: streamId, failure: failureSchema }),
]);
export type HostFrame = Readonly<z.infer<typeof hostFrameSchema>>;

/** The answer to a request, on every transport. */
export const replySchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), failure: failureSchema }),
]);
export type Reply = Readonly<z.infer<typeof replySchema>>;

/** One end of a connection, as both transports offer it. Values are structured clones or JSON: plain data either way. */
export interface Connection {
  post(value: unknown): void;
  onValue(listener: (value: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
  /** Bytes or messages that wait to be sent, if the transport knows. */
  readonly waiting: number;
}
