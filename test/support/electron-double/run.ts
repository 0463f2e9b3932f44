// node run.ts MAIN: runs a built Electron main process with the double. Talks to the test over its IPC channel.
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const double = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: double, shortCircuit: true } : next(specifier, context),
});

// The parent has ended: nothing else could end this process.
process.on('disconnect', () => process.exit(137));

const electron = await import('./electron.ts');
process.on(
  'message',
  (message: { readonly id: number; readonly source: string; readonly argument: unknown }) => {
    void evaluate(message);
  },
);

/** Runs a function of the test with the module, as Playwright does for the real one. */
async function evaluate({
  id,
  source,
  argument,
}: {
  readonly id: number;
  readonly source: string;
  readonly argument: unknown;
}): Promise<void> {
  try {
    const work = new Function(`return (${source})`)() as (module: unknown, argument: unknown) => unknown;
    process.send?.({ id, value: await work(electron.default, argument) });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

const main = process.argv[2] ?? '';
// As Electron shows it to the program: the program, the folder, what follows.
process.argv.splice(1, 2, '.');
await import(pathToFileURL(main).href);
await electron.becomeReady();
