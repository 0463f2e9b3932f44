import { shellQuote } from './shell-quote.ts';
import { folderAlternatives, type Advice, type DocumentAdvice, type EngineAdvice } from '../shared/advice.ts';
import { runSettings, type RunSettingKey } from '../shared/domain/run-settings.ts';

const option = (setting: RunSettingKey): string => `--${runSettings[setting].flag}`;

/** Advice as a person follows it on the command line: with options and commands to type. */
export function adviceForCommandLine(advice: Advice): string {
  switch (advice.kind) {
    case 'use-setting':
      return `${advice.settings.map(({ setting, value }) => `${option(setting)} ${value}`).join(' or ')} would fit.`;
    case 'change-settings':
      return `Try ${advice.settings.map(({ setting, value }) => `${option(setting)} ${value}`).join(' ')}`;
    case 'keep-setting':
      return `Leave it as it was (${option(advice.setting)}), or start a new run from this one's best checkpoint (--init-from).`;
    case 'read-symbols-as':
      return `Read the text as ${advice.symbols} too (${option('symbols')} ${advice.symbols}).`;
    case 'match-vocabulary':
      return 'Say what becomes of them: --vocabulary keep (those of the checkpoint stay; others in the text are replaced or left out) or --vocabulary widen (those of the text are added). Or start from random weights (without --init-from).';
    case 'choose-records':
      return `Name what really stands between them (${option('records')} '\\n\\n' for an empty line), or leave it out.`;
    case 'save-as-text':
    case 'choose-part':
    case 'give-password':
      return documentAdvice(advice);
    case 'locate-text':
      return 'Say where it is now: charloom train FILE --resume RUN.';
    case 'restore-text':
      return 'Bring the earlier text back (charloom train FILE --resume RUN reads it from elsewhere), or start a new run on the changed text from the best checkpoint (--init-from).';
    case 'measure-all-splits':
      return 'Measure all of it with --split all.';
    case 'train-longer':
      return `More epochs (${option('maxEpochs')}) make it longer.`;
    case 'more-patience':
      return `A larger ${option('patience')}, or 0 for never, lets it go on.`;
    case 'recover-from-explosion':
      return `Recovering (${option('onExplosion')} recover) lets it continue at a lower rate.`;
    case 'choose-folder':
      return `Choose another folder (--out for runs, CHARLOOM_HOME for all that Charloom keeps)${folderAlternatives[advice.alternative]}`;
    case 'lower-rate-or-recover':
      return `Start again with a smaller learning rate, or resume and let it recover (${option('onExplosion')} recover).`;
    case 'name-runs-folder':
      return `There are no runs in ${advice.folder} yet; --out names another folder.`;
    case 'check-checkpoints':
      return `charloom checkpoints ${advice.run} says what is wrong with each.`;
    case 'take-over-run':
      return `If nothing works on it there any more, resume it with --take-over (or remove ${advice.lock}).`;
    case 'wait-for-turn':
      return 'Charloom starts it when no other run is training: open the window, or run charloom serve.';
    case 'repair-engine':
    case 'install-processor-engine':
    case 'install-official-engine':
      return engineAdvice(advice);
    default:
      return advice satisfies never;
  }
}

function documentAdvice(advice: DocumentAdvice): string {
  switch (advice.kind) {
    case 'save-as-text':
      return `Save it as plain text first; or train on its bytes (${option('symbols')} bytes), or name its encoding (--encoding) if it is text after all.`;
    case 'choose-part':
      return `Name one (${advice.names.join(', ')}): --${advice.part} ${shellQuote(advice.names[0] ?? 'NAME')}; or take the file as it stands: --plain.`;
    case 'give-password':
      return advice.wasWrong
        ? 'This password does not open it: try another (--password).'
        : 'Name its password (--password), or save it without one.';
    default:
      return advice satisfies never;
  }
}

function engineAdvice(advice: EngineAdvice): string {
  switch (advice.kind) {
    case 'repair-engine':
      return '"charloom doctor" looks for the reason; "charloom engine install tensorflow" installs it again.';
    case 'install-processor-engine':
      return 'charloom engine install tensorflow --cpu';
    case 'install-official-engine':
      return `Try "charloom engine install tensorflow --from official". ${advice.otherwise}`;
    default:
      return advice satisfies never;
  }
}
