import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCheckpoint } from '../../src/node/files/checkpoint-files.ts';
import { exportModel } from '../../src/node/exchange/export-model.ts';
import type { ExportFormat } from '../../src/shared/domain/exchange.ts';
import { exchangeCheckpoint, type ExchangeCase } from './exchange.ts';
import { temporaryFolder } from './texts.ts';

/** Exports a case into a separate folder; returns the folder. */
export async function exported(format: ExportFormat, exchange: ExchangeCase): Promise<string> {
  const folder = temporaryFolder('exchange');
  const checkpoint = join(folder, 'model.safetensors');
  await writeCheckpoint(checkpoint, exchangeCheckpoint(exchange));
  const output = join(folder, 'export');
  await exportModel({ checkpoint, format, output });
  return output;
}

/** The example in README.md in this language, as a program. */
export function exampleIn(folder: string, language: 'python' | 'html' | 'js'): string {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const [, code] = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(text) ?? [];
  if (code === undefined) throw new Error(`README.md has no example in ${language}`);
  return code;
}
