import { progressIn } from '../../engines/progress.ts';

const parts = {
  check: { title: 'Checking this machine', share: 0.02 },
  download: { title: 'Downloading TensorFlow', share: 0.58 },
  unpack: { title: 'Unpacking the libraries', share: 0.2 },
  compile: { title: 'Compiling the bridge to Node.js', share: 0.1 },
  test: { title: 'Testing the engine', share: 0.1 },
} as const;
export type InstallPart = keyof typeof parts;

/** Progress of the whole from the progress of one part (0..1). */
export const progressOf = progressIn<InstallPart>(parts);
