import { endWithLauncher } from './interrupts.ts';
import { main } from './main.ts';
import { watchReaders } from './reader.ts';

endWithLauncher();
watchReaders();
process.exitCode = await main(process.argv.slice(2));
