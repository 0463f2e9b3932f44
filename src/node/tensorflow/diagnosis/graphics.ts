import { commandRemedies } from '../../diagnosis/remedies.ts';
import type { EngineKind } from '../installation/releases.ts';
import { runCommand } from '../../engines/run-command.ts';

/** A graphics card as TensorFlow or the driver describes it. */
export interface GraphicsCard {
  readonly name: string;
  /** Memory in MB: what TensorFlow may use, or what the card has. */
  readonly memoryMegabytes: number;
  /** CUDA's number for the card's generation: 8.0 is A100, 9.0 is H100. */
  readonly capability: string;
}

/** The cards that TensorFlow opened, from its messages while loading: it repeats them for every graph that it runs there. */
export function cardsFromLog(log: string): readonly GraphicsCard[] {
  const pattern =
    /Created device \S+GPU:\d+ with (\d+) MB memory:.*?name: ([^,]+), pci bus id: ([^,]+),.*?compute capability: ([\d.]+)/g;
  const cards = new Map<string, GraphicsCard>();
  for (const [, memory = '', name = '', slot = '', capability = ''] of log.matchAll(pattern)) {
    if (!cards.has(slot)) cards.set(slot, { name, memoryMegabytes: Number(memory), capability });
  }
  return [...cards.values()];
}

/** cuDNN's last message when one of its calls failed; undefined if none did. TensorFlow's own error only names the call. */
export function cudnnComplaint(log: string): string | undefined {
  return [...log.matchAll(/cuda_dnn\.cc:\d+\] (.+)/g)].map(([, said]) => said?.trim()).findLast(isComplaint);
}

/** cuDNN also logs its loaded version. */
function isComplaint(said: string | undefined): boolean {
  return said !== undefined && !said.startsWith('Loaded cuDNN');
}

const reasons: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [
    /minimum required Cuda capability is ([\d.]+)/i,
    (match) => `The card is too old: this TensorFlow needs compute capability ${match[1]} or newer.`,
  ],
  [/Could not load dynamic library '([^']+)'/, (match) => `The library ${match[1]} was not found.`],
  [
    /Could not find (cuda|cuDNN|TensorRT) drivers/i,
    () => "NVIDIA's driver is missing (libcuda was not found).",
  ],
  [
    /Cannot dlopen some GPU libraries/,
    () => "Some of CUDA's libraries were not found; the GPU engine includes them.",
  ],
  [
    /CUDA_ERROR_NO_DEVICE|no CUDA-capable device/,
    () => 'The driver finds no CUDA card (a container needs access to the card).',
  ],
  [
    /kernel (driver|version).*(does not appear to be running|does not match)/i,
    () => "NVIDIA's driver is not running, or its parts have different versions; a restart often helps.",
  ],
  [
    /failed call to cuInit[^\n]*\(303\)/i,
    () => "NVIDIA's driver is missing or does not respond (CUDA did not start: error 303).",
  ],
  [/failed call to cuInit[^\n]*/i, (match) => `The driver refused to start CUDA: ${match[0]}`],
];

/** Why there is no GPU, in a sentence. */
export function explainNoGpu(kind: EngineKind, log: string, { installGpu } = commandRemedies): string {
  if (kind === 'cpu') return `This engine was installed for the processor only (${installGpu}).`;
  for (const [pattern, sentence] of reasons) {
    const match = pattern.exec(log);
    if (match !== null) return sentence(match);
  }
  return 'TensorFlow gives no reason for not finding a card.';
}

/** A warning about a card that works, but not at its best; undefined when there is none. */
export function warnAboutCard(log: string): string | undefined {
  return /not built with CUDA kernel binaries compatible with compute capability/.test(log)
    ? 'The card is newer than this TensorFlow: the first start compiles for many minutes, later starts are quick.'
    : undefined;
}

export interface DriverReport {
  readonly driver: string;
  readonly cards: readonly GraphicsCard[];
}

/** The output of NVIDIA's own tool; undefined if it is not installed or fails. */
export async function askDriver(signal: AbortSignal): Promise<DriverReport | undefined> {
  const query = '--query-gpu=name,memory.total,compute_cap,driver_version';
  const result = await runCommand('nvidia-smi', [query, '--format=csv,noheader,nounits'], { signal }).catch(
    () => undefined,
  );
  if (result?.code !== 0) return undefined;
  const rows = result.stdout
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()));
  const cards = rows.map(([name = '', memory = '', capability = '']) => ({
    name,
    memoryMegabytes: Number(memory),
    capability,
  }));
  return { driver: rows[0]?.[3] ?? '', cards };
}

/** The card that an engine of this kind takes first; only the driver knows its name and memory. */
export async function firstCard(kind: 'cpu' | 'gpu'): Promise<GraphicsCard | undefined> {
  if (kind !== 'gpu') return undefined;
  return (await askDriver(new AbortController().signal))?.cards[0];
}
