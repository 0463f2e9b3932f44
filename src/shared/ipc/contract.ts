import type { z } from 'zod';
import type { requests } from './requests.ts';
import type { streams } from './streams.ts';
import type { ModelReference } from '../domain/run.ts';
import type { ImportedPart } from './transfers.ts';
import type { Text } from '../domain/text.ts';

/**
 * The contract between the pages and their host (Electron's main process or the browser host). Names and shapes are in the tables of requests.ts and
 * streams.ts; everything here is inferred from them.
 */
export type RequestName = keyof typeof requests;
export type RequestParams<N extends RequestName> = z.infer<(typeof requests)[N]['params']>;
export type RequestResult<N extends RequestName> = z.infer<(typeof requests)[N]['result']>;

export type StreamName = keyof typeof streams;
export type StreamParams<N extends StreamName> = z.infer<(typeof streams)[N]['params']>;
export type StreamMessage<N extends StreamName> = z.infer<(typeof streams)[N]['message']>;
export type StreamItem<N extends StreamName> = z.infer<(typeof streams)[N]['item']>;

/** What a page holds of an open stream. */
export interface OpenStream<N extends StreamName> {
  send(message: StreamMessage<N>): void;
  /** Cancels the work, which then reports nothing more. Closing twice has no further effect. */
  close(): void;
  /** Resolves when the work has ended or was closed here; rejects with a CharloomError if it failed. */
  readonly ended: Promise<void>;
}

/** The pages' only way out. Errors are CharloomErrors, rebuilt from data. */
export interface Bridge {
  request<N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>>;
  open<N extends StreamName>(
    name: N,
    params: StreamParams<N>,
    onItem: (item: StreamItem<N>) => void,
  ): OpenStream<N>;
  /** Makes a dropped or picked file a text of the workbench: by its path in Electron, by upload in a browser. */
  addText(file: File, onProgress?: (fraction: number) => void): Promise<Text>;
  /** Imports a file (in Electron also a folder) as a part of a text, in the same two ways; `name` may include folders. */
  addPart(file: File, name: string, onProgress?: (fraction: number) => void): Promise<ImportedPart>;
  /** Imports the file of a model (in Electron also a folder), in the same two ways. */
  importModel(file: File, onProgress?: (fraction: number) => void): Promise<ModelReference>;
  /** Saves a checkpoint (or its description as JSON) where the user chooses. */
  exportCheckpoint(run: string, file: string, format: 'safetensors' | 'json'): Promise<void>;
  /** Lets the user save what `models.export` has made, while that stream is open. False if they cancelled. */
  saveExport(ticket: string, name: string): Promise<boolean>;
  /** Called when the other side cannot be reached, and when it can again (streams then restart automatically). */
  onConnection(listener: (state: ConnectionState) => void): () => void;
}

export type ConnectionState = 'connected' | 'lost' | 'refused';

/** Answers for every request; `context` is what the transport knows about the sender. */
export type RequestHandlers = {
  readonly [N in RequestName]: (params: RequestParams<N>) => Promise<RequestResult<N>> | RequestResult<N>;
};

/** What a handler of a stream is given. */
export interface StreamContext<N extends StreamName> {
  push(item: StreamItem<N>): void;
  /** Pushes an item that this process has already checked, when it read it from a file or received it from another process. */
  relay(item: StreamItem<N>): void;
  /** Messages from the page, in order; those that arrived before the first listener are kept for it. */
  onMessage(listener: (message: StreamMessage<N>) => void): void;
  /** Aborted when the page closes the stream or disconnects. */
  readonly signal: AbortSignal;
  /** Resolves when everything pushed has been sent: await it in a fast producer. */
  drained(): Promise<void>;
}

/** The stream ends when the promise settles; a rejection reaches the page as a failure. */
export type StreamHandlers = {
  readonly [N in StreamName]: (params: StreamParams<N>, side: StreamContext<N>) => Promise<void>;
};

export interface Handlers {
  readonly requests: RequestHandlers;
  readonly streams: StreamHandlers;
}
