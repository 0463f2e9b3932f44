import type { RunRecord } from '../../node/files/run-record.ts';

/** The variables in which Slurm names the cards of a job (sbatch(1), gres.conf(5)). */
const cardVariables = ['SLURM_JOB_GPUS', 'CUDA_VISIBLE_DEVICES', 'ROCR_VISIBLE_DEVICES'] as const;
const beginning = 'Its job has a graphics card, but the processor trains the run';

/** A remark on a job that holds a graphics card which its run does not use; null if nothing is wasted. */
export function cardRemark(
  { name, device }: Pick<RunRecord['backend'], 'name' | 'device'>,
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
): string | null {
  if (environment['SLURM_JOB_ID'] === undefined) return null;
  const hasCard = cardVariables.some((variable) => (environment[variable] ?? '') !== '');
  // TensorFlow describes the processor as "CPU, 2 threads, TensorFlow 2.9.1".
  const isOnProcessor = name === 'wasm' || (name === 'tensorflow' && device.startsWith('CPU'));
  if (!hasCard || !isOnProcessor) return null;
  return `${beginning} (${device}). Submit without --gpus, or install an engine that uses cards: "charloom engine install tensorflow --gpu".`;
}

/** Whether a remark is one of these: it is about one attempt only. */
export function isCardRemark(remark: string): boolean {
  return remark.startsWith(beginning);
}
