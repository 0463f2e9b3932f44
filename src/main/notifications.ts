import { Notification } from 'electron';
import { progressWords, type RunProgress } from '../shared/domain/run-progress.ts';
import type { Workbench } from '../workbench/workbench-types.ts';
import type { AppStorage } from './storage.ts';
import { RunNotifier } from './services/run-notifier.ts';
import { TaskBar } from './services/task-bar.ts';
import type { Shell } from './shell.ts';

type TrainingNews = Pick<Workbench, 'progress' | 'onProgress' | 'onRunEnd' | 'announceOpened'>;

/** Shows training progress outside the pages: on the task bar, on the background icon, in notifications. */
export function notifyOfTraining({ settings }: AppStorage, shell: Shell, workbench: TrainingNews): void {
  const { window } = shell;
  const taskBar = new TaskBar(() => window.current);
  const notifier = new RunNotifier({
    isWanted: () => settings.get().tellWhenDone && !window.isFocused,
    isSupported: () => Notification.isSupported(),
    create: (options) => new Notification(options),
    open: (run) => {
      shell.show();
      if (run !== null) workbench.announceOpened({ run });
    },
  });
  const show = (progress: RunProgress | null): void => {
    taskBar.show(progress);
    if (progress !== null) shell.describe(progressWords(progress));
  };
  show(workbench.progress);
  workbench.onProgress(show);
  workbench.onRunEnd((end) => {
    if (end.level === 'bad') taskBar.fail();
    shell.describe(end.message);
    notifier.tell(end);
  });
  window.onFocus(() => taskBar.acknowledge());
  window.onOpen(() => taskBar.refresh());
}
