/** How a person installs or removes an engine: by a command or by a button, as the host that shows a sentence has them. */
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
