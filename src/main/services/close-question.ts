import type { BrowserWindow, Dialog } from 'electron';
import type { CloseChoice } from './shutdown-guard.ts';

const answers: readonly { readonly label: string; readonly choice: CloseChoice }[] = [
  { label: 'Keep training in the background', choice: 'background' },
  { label: 'Pause', choice: 'pause' },
  { label: 'Stop and save', choice: 'stop' },
  { label: 'Cancel', choice: 'stay' },
];

export interface CloseAnswer {
  readonly choice: CloseChoice;
  /** Whether to do the same from now on without asking. */
  readonly remember: boolean;
}

/** Asks what to do with a run that trains when the window closes. */
export async function askBeforeClosing(
  dialog: Pick<Dialog, 'showMessageBox'>,
  window: BrowserWindow | undefined,
): Promise<CloseAnswer> {
  const stay = answers.findIndex(({ choice }) => choice === 'stay');
  const options = {
    type: 'question' as const,
    message: 'A run is training.',
    detail:
      'Keep training in the background, and use the icon next to the clock to reopen the window. Pause, and training waits until you resume. ' +
      'Stop, and the run is saved; resuming continues from exactly that point.',
    buttons: answers.map(({ label }) => label),
    defaultId: 0,
    cancelId: stay,
    checkboxLabel: 'Always do this (can be changed in Settings)',
  };
  const { response, checkboxChecked } =
    window === undefined
      ? await dialog.showMessageBox(options)
      : await dialog.showMessageBox(window, options);
  const choice = answers[response]?.choice ?? 'stay';
  return { choice, remember: checkboxChecked && choice !== 'stay' };
}
