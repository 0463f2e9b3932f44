import { terminal, withSuggestedCommands } from './suggested-command.ts';
import { folderAlternatives, type Advice, type DocumentAdvice, type EngineAdvice } from '../shared/advice.ts';
import { runSettings, type RunSettingKey } from '../shared/domain/run-settings.ts';
import { shellQuote } from '../shared/format/shell-quote.ts';

const option = (setting: RunSettingKey): string => `--${runSettings[setting].flag}`;

/** Advice for the command line: options, and commands to type that start as this program was started. */
export function adviceForCommandLine(advice: Advice): string {
  return withSuggestedCommands(typedAdvice(advice));
}

function typedAdvice(advice: Advice): string {
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
      return 'Choose what to do with them: --vocabulary keep (keeps the checkpoint’s symbols; others in the text are replaced or left out) or --vocabulary widen (adds the text’s symbols). Or start from random weights (without --init-from).';
    case 'choose-records':
      return `Give the separator that the text uses (${option('records')} '\\n\\n' for an empty line), or leave the option out.`;
    case 'save-as-text':
    case 'choose-part':
    case 'give-password':
      return documentAdvice(advice);
    case 'locate-text':
      return 'Give its new location: charloom train FILE --resume RUN.';
    case 'restore-text':
      return 'Restore the earlier text (charloom train FILE --resume RUN reads it from another file), or start a new run on the changed text from the best checkpoint (--init-from).';
    case 'measure-all-splits':
      return 'Measure all of it with --split all.';
    case 'train-longer':
      return `To train longer, raise the number of epochs (${option('maxEpochs')}).`;
    case 'more-patience':
      return `To continue, raise ${option('patience')}, or set it to 0 to switch early stopping off.`;
    case 'recover-from-explosion':
      return `To continue at a lower learning rate, use ${option('onExplosion')} recover.`;
    case 'choose-folder':
      return `Choose another folder (--out for runs, CHARLOOM_HOME for everything that Charloom stores)${folderAlternatives[advice.alternative]}`;
    case 'lower-rate-or-recover':
      return `Start again with a lower learning rate, or resume with ${option('onExplosion')} recover.`;
    case 'name-runs-folder':
      return `There are no runs in ${advice.folder} yet; --out names another folder.`;
    case 'check-checkpoints':
      return `charloom checkpoints ${advice.run} lists what is wrong with each.`;
    case 'take-over-run':
      return `If that process no longer runs, resume the run with --take-over (or remove ${advice.lock}).`;
    case 'wait-for-turn':
      return 'It starts when no other run is training: open the Charloom window, or run charloom serve.';
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
      return `Save it as plain text first, or train on its bytes (${option('symbols')} bytes). If it is text, give its encoding (--encoding).`;
    case 'choose-part':
      return `Choose one (${advice.names.join(', ')}): --${advice.part} ${shellQuote(advice.names[0] ?? 'NAME', terminal)}; or read the file as plain text: --plain.`;
    case 'give-password':
      return advice.wasWrong
        ? 'The password is wrong: try another (--password).'
        : 'Give its password (--password), or save it without one.';
    default:
      return advice satisfies never;
  }
}

function engineAdvice(advice: EngineAdvice): string {
  switch (advice.kind) {
    case 'repair-engine':
      return '"charloom doctor" finds the reason; "charloom engine install tensorflow" reinstalls it.';
    case 'install-processor-engine':
      return 'charloom engine install tensorflow --cpu';
    case 'install-official-engine':
      return `Try "charloom engine install tensorflow --from official". ${advice.otherwise}`;
    default:
      return advice satisfies never;
  }
}
