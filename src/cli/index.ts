import { endWithLauncher } from './interrupts.ts';
import { main } from './main.ts';

endWithLauncher();
// A reader that left (`charloom sample ... | head`) is no error: there is nobody to tell.
process.stdout.on('error', () => process.exit());
process.stderr.on('error', () => process.exit());
process.exitCode = await main(process.argv.slice(2));
