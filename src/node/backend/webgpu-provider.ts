import type { ReferenceOf } from '../../shared/domain/backends.ts';
import { CharloomError } from '../../shared/errors.ts';
import type { BackendProvider } from './provider.ts';

/** WebGPU on a graphics card. Only the host finds out what is available (graphics-source.ts). */
export const webgpuProvider: BackendProvider<ReferenceOf<'webgpu'>> = {
  find: async (graphics) => {
    const { backend } = await graphics.find();
    return backend === null ? [] : [backend];
  },
  needsOwnProcess: () => true,
  environment: () => ({}),
  open: async (backend, { openInWindow }) => {
    switch (backend.host) {
      case 'dawn': {
        const { loadDawnBackend } = await import('../webgpu/dawn.ts');
        return loadDawnBackend(backend.folder);
      }
      case 'window':
        if (openInWindow !== undefined) return openInWindow();
        throw new CharloomError(
          'backend-unavailable',
          'Only the desktop application can train on the graphics card through a window.',
          {
            fix: 'Resume the run there, or choose another backend.',
          },
        );
      default:
        return backend satisfies never;
    }
  },
};
