import { defaultRunSettings } from '../../src/shared/domain/run-settings.ts';
import type { Run } from '../../src/shared/domain/run.ts';

/** A run as pages receive it. */
export function testRun(changes: Partial<Run> = {}): Run {
  return {
    id: 'a-run',
    name: 'A run',
    note: '',
    tags: [],
    state: 'running',
    reason: null,
    created: '2026-11-24T10:00:00.000Z',
    updated: '2026-11-24T11:00:00.000Z',
    path: '/runs/a-run',
    text: { title: 'text.txt', path: '/texts/text.txt', characters: 100_000, sha256: 'a'.repeat(64) },
    settings: defaultRunSettings,
    spec: null,
    parameters: 1000,
    iteration: 0,
    iterations: 2000,
    iterationsPerEpoch: 40,
    best: null,
    lastValidationLoss: null,
    checkpoints: 0,
    bytes: 0,
    device: null,
    backend: null,
    sparkline: [],
    initializedFrom: null,
    origin: null,
    vocabulary: null,
    ...changes,
  };
}
