import { isBusy } from '../../../shared/domain/run-state.ts';
import { formatBytes, formatQuantity } from '../../../shared/format/numbers.ts';
import type { RequestParams } from '../../../shared/ipc/contract.ts';
import type { Removal } from '../../../shared/domain/checkpoint.ts';
import type { Run, Verdict } from '../../../shared/domain/run.ts';
import type { AppState } from '../../stores/app-state.ts';
import { importRunText } from '../../stores/run-text.ts';
import type { MessageAction } from '../../stores/message.ts';
import { runSettings, type RunSettings } from '../../../shared/domain/run-settings.ts';
import { settingSchema } from '../../../shared/domain/setting-definition.ts';

type Command = 'runs.pause' | 'runs.continue' | 'runs.stop' | 'runs.suspend' | 'runs.checkpoint';

/** Actions on runs. Errors are shown; removals can be undone. */
export class RunActions {
  /** The current request, so that its button shows it. */
  pending = $state.raw<Command | 'runs.resume' | 'runs.remove' | 'runs.unqueue' | 'runs.importText' | null>(
    null,
  );
  readonly #session: AppState;

  constructor(session: AppState) {
    this.#session = session;
  }

  async tell(command: Command, run: string): Promise<void> {
    const { bridge, messages } = this.#session;
    this.pending = command;
    await messages.attempt(() => bridge.request(command, { run }));
    this.pending = null;
  }

  /** Returns whether it was accepted. */
  async resume(params: RequestParams<'runs.resume'>): Promise<boolean> {
    const { bridge, messages } = this.#session;
    this.pending = 'runs.resume';
    const run = await messages.attempt(() => bridge.request('runs.resume', params));
    this.pending = null;
    return run !== undefined;
  }

  async describe(run: string, name: string, note: string): Promise<void> {
    const { bridge, messages } = this.#session;
    await messages.attempt(() => bridge.request('runs.describe', { run, name, note }));
  }

  /** Moves runs to the trash. Returns whether it was done. */
  async remove(runs: readonly string[]): Promise<boolean> {
    const { bridge, messages } = this.#session;
    this.pending = 'runs.remove';
    const removal = await messages.attempt(() => bridge.request('runs.remove', { runs: [...runs] }));
    this.pending = null;
    if (removal === undefined) return false;
    const removed = runs.length - removal.kept.length;
    if (removed > 0) {
      messages.add(
        'good',
        `${formatQuantity(removed, 'run')} moved to trash (${formatBytes(removal.bytes)}).`,
        { action: undoOf(removal) },
      );
    }
    for (const { file, reason } of removal.kept) messages.add('warning', `${file} was kept: ${reason}`);
    return removed > 0;
  }

  /** Removes a run from the queue. Returns whether its folder is gone: a run that was to be resumed stays. */
  async unqueue({ id, name }: Run): Promise<boolean> {
    const { bridge, messages } = this.#session;
    this.pending = 'runs.unqueue';
    const removal = await messages.attempt(() => bridge.request('runs.unqueue', { run: id }));
    this.pending = null;
    if (removal === undefined || removal === null) return false;
    messages.add('good', `“${name}” was removed from the queue.`, { action: undoOf(removal) });
    return true;
  }

  async reveal(run: string): Promise<void> {
    const { bridge, messages } = this.#session;
    await messages.attempt(() => bridge.request('runs.reveal', { run, file: null }));
  }

  /** Imports the training text of a run. Returns its id; null if it cannot be found, which is shown. */
  async importText(run: Run): Promise<string | null> {
    this.pending = 'runs.importText';
    const text = await this.#session.messages.attempt(() => importRunText(this.#session, run.id));
    this.pending = null;
    return text ?? null;
  }

  /** The next run starts with a run's best checkpoint; its text is chosen first. */
  beginFrom(run: Run): void {
    const { draft, router, messages } = this.#session;
    draft.initializeFrom = { kind: 'run', run: run.id, file: null };
    messages.add('good', 'The next run starts with this model. Choose a text.');
    router.go({ view: 'data', text: draft.text });
  }

  /** Opens Run setup with a run's settings, changed as a verdict proposes. `known` null: its text is imported first. */
  async propose(run: Run, known: string | null, remedy: Verdict['remedy']): Promise<void> {
    const { draft, router } = this.#session;
    const text = known ?? (await this.importText(run));
    if (text === null) return;
    draft.proposal = remedy === null ? null : proposalOf(remedy);
    draft.initializeFrom = remedy?.fromBest === true ? { kind: 'run', run: run.id, file: null } : null;
    // The run's text again has symbols that differ from its checkpoints'.
    if (run.vocabulary !== null) draft.chooseVocabulary('keep', text);
    router.go({ view: 'setup', text, from: run.id });
  }
}

/** A run that nothing works on and nothing waits for. */
export function isAtRest(run: Run): boolean {
  return !isBusy(run.state);
}

function undoOf({ undo }: Removal): MessageAction {
  return { label: 'Undo', deed: { kind: 'undo-removal', undo } };
}

type Remedy = NonNullable<Verdict['remedy']>;

/** A remedy's settings as changes of a draft; unknown settings and values out of range are left out. */
export function proposalOf({ settings }: Remedy): Partial<RunSettings> {
  const known = Object.entries(settings).filter(([key, value]) => {
    const definition = Object.entries(runSettings).find(([name]) => name === key)?.[1];
    return definition !== undefined && settingSchema(definition).safeParse(value).success;
  });
  return Object.fromEntries(known) as Partial<RunSettings>;
}
