/**
 * Every page: a name, its address in a window with the runs “Alice” (support/window-with-runs.ts) and “Other”, and something on it that must
 * be there before it is looked at.
 */
export const places = [
  ['home', '#/', 'Your runs'],
  ['texts', '#/data', 'Moby Dick'],
  ['text', '#/data/sample-alice', 'Show more of the 68'],
  ['setup', '#/setup/sample-alice', 'Size of the model'],
  ['runs', '#/runs', 'Best validation loss'],
  ['training', '#/runs/Alice', 'All 19 checkpoints'],
  ['sweeps', '#/sweeps', 'All sweeps'],
  ['checkpoints', '#/checkpoints/Alice', 'Checkpoints on the loss curve'],
  ['compare', '#/compare/Alice/Other', 'Write side by side'],
  ['write', '#/write/Alice', 'Done: 400 symbols.'],
  ['inside', '#/inside/Alice', 'Try this: a lesson of 45 minutes'],
  ['settings', '#/settings', 'Engines'],
  ['glossary', '#/glossary', 'overfitting'],
] as const;
