import type { ElectronAppOptions } from './electron-app.ts';

/** Starts the application so that SwiftShader, a program that plays a graphics card, counts as one: for tests on machines that have none. */
export const softwareCard = {
  chromiumWords: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  env: { CHARLOOM_SOFTWARE_GPU: '1' },
} as const satisfies ElectronAppOptions;
