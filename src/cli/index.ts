import { endWithLauncher } from '../node/interrupts.ts';
import { main } from './main.ts';
import { watchOutputs } from './output-closed.ts';

endWithLauncher();
watchOutputs();
process.exitCode = await main(process.argv.slice(2));
