import { Notification } from 'electron';
import { progressWords, type RunProgress } from '../shared/domain/run-progress.ts';
import type { Workbench } from '../workbench/workbench.ts';
import type { Memory } from './storage.ts';
import { RunNotifier } from './services/run-notifier.ts';
import { TaskBar } from './services/task-bar.ts';
import type { View } from './shell.ts';

type News = Pick<Workbench, 'progress' | 'onProgress' | 'onRunEnd' | 'announceOpened'>;

/** Shows how training goes to a person who does not look at the pages: on the task bar, at the icon in the background, in messages. */
export function tellNews({ settings }: Memory, view: View, workbench: News): void {
  const { window } = view;
  const taskBar = new TaskBar(() => window.current);
  const notifier = new RunNotifier({
    isWanted: () => settings.get().tellWhenDone && !window.isFocused,
    isSupported: () => Notification.isSupported(),
    create: (options) => new Notification(options),
    open: (run) => {
      view.show();
      if (run !== null) workbench.announceOpened({ run });
    },
  });
  const show = (progress: RunProgress | null): void => {
    taskBar.show(progress);
    if (progress !== null) view.describe(progressWords(progress));
  };
  show(workbench.progress);
  workbench.onProgress(show);
  workbench.onRunEnd((end) => {
    if (end.level === 'bad') taskBar.fail();
    view.describe(end.message);
    notifier.tell(end);
  });
  window.onFocus(() => taskBar.acknowledge());
  window.onOpen(() => taskBar.refresh());
}
