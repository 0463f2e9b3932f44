import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format } from 'prettier';
import { runSettings } from '../src/shared/domain/run-settings.ts';
import { sampleSettings } from '../src/shared/domain/sample-settings.ts';
import {
  describeDefault,
  describeValues,
  type SettingDefinition,
} from '../src/shared/domain/setting-definition.ts';

// Writes docs/settings.md from the settings tables: `npm run docs:settings`. A test fails when the page has fallen behind.

const introduction = `<!-- Made by scripts/write-settings-page.ts from the settings tables; do not edit by hand. -->

# Settings

Every setting of a run and of writing, with char-rnn's defaults. The command line takes them as options
(\`charloom train novel.txt --rnn-size 256\`); the column "char-rnn" names the option they had there.
`;

const groupTitles: Readonly<Record<SettingDefinition['group'], string>> = {
  data: 'The text and how it is read',
  model: 'The model',
  training: 'Learning',
  schedule: 'How long, how often',
  safety: 'When things go wrong',
  writing: 'Writing',
};

/** The whole page as Markdown. */
export async function settingsPage(): Promise<string> {
  const page = [
    introduction,
    '## Training: `charloom train`',
    ...sections(runSettings),
    '## Writing: `charloom sample`',
    rows(Object.values(sampleSettings)),
  ].join('\n\n');
  return format(page, { parser: 'markdown', printWidth: 110 });
}

function sections(table: Readonly<Record<string, SettingDefinition>>): string[] {
  return Object.entries(groupTitles).flatMap(([group, title]) => {
    const members = Object.values(table).filter((definition) => definition.group === group);
    return members.length === 0 ? [] : [`### ${title}\n\n${rows(members)}`];
  });
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
