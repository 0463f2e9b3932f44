interface NamedRun {
  /** The name of its folder, which no other run has. */
  readonly id: string;
  readonly name: string;
}

/**
 * The displayed name of a run: its own, followed by its folder's name if another of these runs has the same name: "Moby Dick (Moby Dick-2)". A run whose
 * folder has the run's name needs no addition.
 */
export function shownNames(runs: readonly NamedRun[]): (run: NamedRun) => string {
  const counts = new Map<string, number>();
  for (const { name } of runs) counts.set(name, (counts.get(name) ?? 0) + 1);
  return ({ id, name }) => ((counts.get(name) ?? 0) < 2 || id === name ? name : `${name} (${id})`);
}
