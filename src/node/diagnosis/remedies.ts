/** How to install or remove an engine: a command or a button, depending on the host. */
export interface EngineRemedies {
  /** Continues "can be installed": WebGPU. */
  readonly installWebgpu: string;
  /** Continues "can be installed". */
  readonly install: string;
  /** A sentence: how to get the engine for the other kind of processor. */
  readonly installGpu: string;
}

export const commandRemedies: EngineRemedies = {
  installWebgpu: '"charloom engine install webgpu"',
  install: '"charloom engine install tensorflow"',
  installGpu: '"charloom engine install tensorflow --gpu" installs the other',
};

export const pageRemedies: EngineRemedies = {
  installWebgpu: '“Install WebGPU” on the Settings page',
  install: '“Install TensorFlow” on the Settings page',
  installGpu: '“Install another TensorFlow” on the Settings page installs the other',
};
