import { readFileSync } from 'node:fs';
import { z } from 'zod';

// Prints the last line, which CI reads, from Vitest's JSON report.
const reportSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numFailedTestSuites: z.int(),
});

const file = process.argv[2];
if (file === undefined) throw new Error('usage: count-tests.ts REPORT.json');
const report = reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
// A file that fails to load runs no test; it must not count as zero failures.
const failed = Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0);
const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : '';
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped}`);
