// In a utility process: many last words, and an end without any other sign.
import { writeSync } from 'node:fs';
import { abort } from 'node:process';

for (let line = 1; line <= 100; line++) writeSync(2, `line ${line} of the last words\n`);
abort();
