import type { Command } from 'commander';

export interface RunsFolderOptions {
  readonly out?: string;
}

/** Adds `--out`, which every command that deals with runs has. */
export function addRunsFolderOption(command: Command): Command {
  return command.option(
    '--out <folder>',
    'folder of run folders (default: "runs" in Charloom\'s own folder, see docs/command-line.md)',
  );
}

/** The runs folder given by option, or the default one. */
export async function runsFolderOf({ out }: RunsFolderOptions): Promise<string> {
  if (out !== undefined) return out;
  const { defaultRunsFolder } = await import('../node/files/data-folders.ts');
  return defaultRunsFolder();
}
