import { z } from 'zod';
import { nameSchema } from '../../shared/domain/common.ts';
import { requests } from '../../shared/ipc/requests.ts';

/** What the button of a message does, as data: it can still be done after the page was reloaded. */
export const deedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('show-run'), run: nameSchema }),
  z.strictObject({ kind: z.literal('undo-removal'), undo: nameSchema }),
  z.strictObject({ kind: z.literal('tag-runs'), changes: requests['runs.tag'].params.shape.changes }),
  z.strictObject({ kind: z.literal('restore-text'), text: nameSchema }),
]);
export type Deed = Readonly<z.infer<typeof deedSchema>>;

/** The button of a message: what it does on this page, or what it does on any (it is then still there after a reload), or both. */
export type MessageAction = { readonly label: string } & (
  | { readonly run: () => void | Promise<void>; readonly deed?: Deed }
  | { readonly run?: undefined; readonly deed: Deed }
);

export interface Message {
  readonly id: number;
  readonly level: 'good' | 'warning' | 'bad';
  readonly message: string;
  readonly fix: string | null;
  /** What can be done about it, for instance undo. */
  readonly action: MessageAction | null;
  /** What it is about, for instance one run: it leaves when that is resolved. */
  readonly topic: string | null;
  /** Milliseconds since 1970; of the last time, where the same was reported several times in a row. */
  readonly time: number;
  readonly repeats: number;
}
