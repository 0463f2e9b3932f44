import type { Command } from 'commander';
import type { OpenInspection } from '../../node/inspection/open-inspection.ts';
import { builtInPropertyNames, type PropertyRequest } from '../../shared/domain/inspected-properties.ts';
import { sampleSettings } from '../../shared/domain/sample-settings.ts';
import { formatShare } from '../../shared/format/numbers.ts';
import { addCommand, outputFor } from '../command.ts';
import { holdsFor, parseHold, parsePair, parseProperty, type TypedHold } from '../inside/options.ts';
import type { Steps } from '../inside/steps.ts';
import type { InsideResult } from '../json-output.ts';
import { textOfRun, withTextOption } from '../learned-text.ts';
import { settingOption } from '../options.ts';
import { addRunsFolderOption, runsFolderOf, type RunsFolderOptions } from '../runs-folder.ts';
import { withCancel } from '../with-cancel.ts';

interface InsideOptions extends RunsFolderOptions {
  readonly text?: string;
  readonly property?: readonly PropertyRequest[];
  readonly pair?: readonly PropertyRequest[];
  readonly word?: readonly PropertyRequest[];
  readonly hold?: readonly TypedHold[];
  readonly states?: string;
  readonly length?: number;
  readonly seed?: number;
  readonly primeText?: string;
  readonly json?: boolean;
}

const details =
  'Reads a text with the model and looks for the unit that follows each property best, chosen on one part of the text and scored on another, beside what chance and the last ' +
  'characters give; then measures how far back the model reads. With --hold it writes with units held, and with the same seed untouched, and measures what that costs.\n\n' +
  `Properties: ${builtInPropertyNames.join(', ')}.`;

export function addInsideCommand(program: Command): void {
  const command = addCommand(program, 'inside', 'Show what the units of a model follow', details);
  addRunsFolderOption(command)
    .argument('<CHECKPOINT>', 'a checkpoint file, or a run (uses its best checkpoint)')
    .option(
      '--text <file>',
      'the text to read (default: the one that the model learned from, its held-out part foremost)',
    )
    .option('--property <name>', 'look for this property only; may be repeated', collect(parseProperty))
    .option('--pair <marks>', "look for what is between two marks: '()'; may be repeated", collect(parsePair))
    .option(
      '--word <word>',
      'look for what is behind a word in its sentence; may be repeated',
      collect((word): PropertyRequest => ({ kind: 'word', word })),
    )
    .option(
      '--hold <unit=value>',
      'LAYER.UNIT=high, low, mean or a number: hold a unit there; may be repeated. h2.47 is an output, c2.47 a memory (default: memory where there is one)',
      collect(parseHold),
    )
    .option(
      '--states <file>',
      'write the states to FILE.npy, with a table of the symbols (.csv) and a README',
    )
    .addOption(settingOption({ ...sampleSettings.length, effect: 'With --hold: how much to write.' }, 1000))
    .addOption(settingOption(sampleSettings.primeText))
    .addOption(settingOption(sampleSettings.seed))
    .action(lookInside);
}

/** An option that may be given several times. */
function collect<T>(parse: (text: string) => T): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => [...before, parse(text)];
}

async function lookInside(name: string, options: InsideOptions): Promise<void> {
  const output = outputFor(options);
  await withCancel(async (signal) => {
    const { resolveModel } = await import('../../runs/find.ts');
    const { statesFiles } = await import('../../node/inspection/write-states.ts');
    const { loadWasmBackend } = await import('../../node/wasm/backend.ts');
    const checkpoint = await resolveModel(name, await runsFolderOf(options));
    // Checked before minutes of work, not after them.
    if (options.states !== undefined) await statesFiles(options.states);
    const backend = await loadWasmBackend({ threads: 1 });
    try {
      const path = options.text ?? (await textOfRun(checkpoint));
      const { openInspection } = await import('../../node/inspection/open-inspection.ts');
      const kind = options.text === undefined ? 'learned' : 'file';
      const opened = await openInspection({ checkpoint, text: { kind, path } }, backend, {
        signal,
        onProgress: (fraction) => output.status(`reading the text ${formatShare(fraction)}`),
      }).catch((error: unknown) => {
        throw options.text === undefined ? withTextOption(error) : error;
      });
      for (const remark of opened.remarks) output.note(remark);
      const { Steps } = await import('../inside/steps.ts');
      const steps = new Steps(opened.inspection, output, signal);
      const { numberOfUnit } = await import('../../engine/inspection/units.ts');
      const { spec } = opened.metadata;
      for (const { unit } of holdsFor(spec.model, options.hold ?? [])) numberOfUnit(spec, unit);
      await steps.read();
      const result = await measure(opened, steps, { ...options, checkpoint, path });
      const { asText } = await import('../inside/text.ts');
      output.result(result, () => asText(result));
    } finally {
      backend.dispose();
    }
  });
}

/** Measures everything unless something specific was requested: named properties, held units or written states. */
async function measure(
  opened: OpenInspection,
  steps: Steps,
  options: InsideOptions & { readonly checkpoint: string; readonly path: string },
): Promise<InsideResult> {
  const { property = [], pair = [], word = [], hold = [], states } = options;
  const named = [...property, ...pair, ...word];
  const isOnlyHeld = named.length === 0 && (hold.length > 0 || states !== undefined);
  const found = isOnlyHeld ? [] : await steps.search(named);
  const reach = isOnlyHeld ? undefined : await steps.reach();
  const { propertiesAsJson, reachAsJson, holdUnitsAsAsked } = await import('../inside/result.ts');
  const { writeStates } = await import('../../node/inspection/write-states.ts');
  return {
    checkpoint: options.checkpoint,
    text: options.path,
    symbols: opened.inspection.text.length,
    properties: propertiesAsJson(found),
    reach: reachAsJson(reach),
    held: hold.length === 0 ? null : await holdUnitsAsAsked(opened, steps, hold, options),
    states: states === undefined ? [] : [...(await writeStates(states, opened, found))],
  };
}
