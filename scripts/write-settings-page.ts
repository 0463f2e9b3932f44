import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format } from 'prettier';
import { recipeKeys, recipeNames, recipes, recipeWords } from '../src/shared/domain/recipes.ts';
import { runSettings } from '../src/shared/domain/run-settings.ts';
import { sampleSettings } from '../src/shared/domain/sample-settings.ts';
import {
  describeDefault,
  describeSettingValue,
  describeValues,
  type SettingDefinition,
} from '../src/shared/domain/setting-definition.ts';

// Writes docs/settings.md from the settings tables: `npm run docs:settings`. A test fails if the page is out of date.

const introduction = `<!-- Made by scripts/write-settings-page.ts from the settings tables; do not edit by hand. -->

# Settings

Every setting of a run and of writing, with char-rnn's defaults. The command line takes them as options
(\`charloom train novel.txt --rnn-size 256\`); the column "char-rnn" names the option they had there. What a
new run has by default is decided by its [recipe](#recipes).
`;

const groupTitles: Readonly<Record<SettingDefinition['group'], string>> = {
  data: 'The text and how it is read',
  model: 'The model',
  training: 'Learning',
  regularisation: 'Regularisation',
  schedule: 'How long, how often',
  safety: 'When things go wrong',
  writing: 'Writing',
};

/** The other options of char-rnn's programs: not settings of a run, so not in any table. */
const otherOptions = `## The rest of char-rnn's options

| char-rnn | Charloom |
| --- | --- |
| \`-data_dir FOLDER\` | \`charloom train FILE\`: the text itself, no folder with an input.txt |
| \`-checkpoint_dir\` | \`--out FOLDER\`, the folder of all runs; each run has a folder of its own inside |
| \`-init_from\` | \`--init-from CHECKPOINT\` |
| \`-print_every\` | every step is in the run's metrics.jsonl, and on standard output with \`--json\`; a terminal gets a bar |
| \`-gpuid\`, \`-opencl\` | \`--backend\`; a checkpoint of any backend works on any other |
| \`-accurate_gpu_timing\` | every duration is that of a finished step |
| sample.lua's \`-verbose 0\` | standard output carries the text alone, remarks go to standard error |
| inspect_checkpoint.lua | \`charloom show CHECKPOINT\` |
| convert_gpu_cpu_checkpoint.lua | nothing to convert |`;

/** The whole page as Markdown. */
export async function settingsPage(): Promise<string> {
  const page = [
    introduction,
    '## Training: `charloom train`',
    ...sections(runSettings),
    recipeSection(),
    '## Writing: `charloom sample`',
    rows(Object.values(sampleSettings)),
    otherOptions,
  ].join('\n\n');
  return format(page, { parser: 'markdown', printWidth: 110 });
}

function sections(table: Readonly<Record<string, SettingDefinition>>): string[] {
  return Object.entries(groupTitles).flatMap(([group, title]) => {
    const members = Object.values(table).filter((definition) => definition.group === group);
    return members.length === 0 ? [] : [`### ${title}\n\n${rows(members)}`];
  });
}

/** The defaults that each recipe overrides. */
function recipeSection(): string {
  const about = recipeNames.map((name) => `- \`--recipe ${name}\`: ${recipeWords[name].effect}`);
  const lines = recipeKeys.map((key) => [
    `\`--${runSettings[key].flag}\``,
    ...recipeNames.map((name) => describeSettingValue(runSettings[key], recipes[name][key])),
  ]);
  const table = [['Option', ...recipeNames], Array(3).fill('---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
  const introduction =
    '`charloom train` lays a recipe over these defaults, `modern` unless another is named; options that are given go before it. ' +
    'A switch that a recipe turns on is turned off by `--no-` before its name (`--no-layer-norm`). ' +
    'A run that is resumed keeps its own settings. The window offers both recipes under "All settings".';
  return ['### Recipes', introduction, about.join('\n'), table].join('\n\n');
}

function rows(definitions: readonly SettingDefinition[]): string {
  const lines = definitions.map((definition) => [
    `\`--${definition.flag}\``,
    definition.effect,
    describeValues(definition),
    describeDefault(definition),
    definition.charRnn === undefined ? '' : `\`${definition.charRnn}\``,
  ]);
  return [['Option', 'What it does', 'Values', 'Default', 'char-rnn'], Array(5).fill('---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

if (import.meta.main) {
  writeFileSync(join(resolve(import.meta.dirname, '..'), 'docs/settings.md'), await settingsPage());
}
