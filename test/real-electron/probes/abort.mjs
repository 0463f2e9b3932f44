// In a utility process: last words, more of them than a pipe takes in one go, and an end without any other sign.
import { writeSync } from 'node:fs';
import { abort } from 'node:process';

for (let line = 1; line <= 200; line++) writeSync(2, `line ${line} of the last words\n`);
abort();
