import { backendKindOf, type BackendKind } from '../../shared/domain/backends.ts';
import type { GraphicsSource } from '../backend/graphics-source.ts';
import { findBackends } from '../backend/providers.ts';
import type { RunRecord } from '../files/run-record.ts';

/**
 * The backend on which a run resumes by default: the one it was trained on, because only that gives the same numbers bit for bit. If it is missing on
 * this machine, the run resumes on the embedded backend (with a remark, see resume.ts).
 */
export async function resumeBackend({ backend }: RunRecord, graphics: GraphicsSource): Promise<BackendKind> {
  const kind = backendKindOf(backend.name) ?? 'wasm';
  return (await findBackends(kind, graphics)).length > 0 ? kind : 'wasm';
}
