import { backendKindOf, type BackendKind } from '../../shared/domain/backends.ts';
import type { GraphicsSource } from '../backend/graphics-source.ts';
import { findBackends } from '../backend/providers.ts';
import type { RunRecord } from '../files/run-record.ts';

/**
 * The backend that a run goes on with when nobody chose one: the one it was trained on, since only that gives the same numbers to the bit. A
 * run from a machine with another backend goes on with the embedded one where that is missing (and says so, see resume.ts).
 */
export async function resumeBackend({ backend }: RunRecord, graphics: GraphicsSource): Promise<BackendKind> {
  const kind = backendKindOf(backend.name) ?? 'wasm';
  return (await findBackends(kind, graphics)).length > 0 ? kind : 'wasm';
}
