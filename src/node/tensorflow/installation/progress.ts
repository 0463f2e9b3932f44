/** Where an installation stands, for a progress bar. */
export interface InstallProgress {
  /** A few words that last: "Downloading TensorFlow". */
  readonly title: string;
  /** What changes: "120 of 230 MB". */
  readonly detail: string;
  /** 0..1 over the whole installation. */
  readonly fraction: number;
}

/** What an installation is given besides its settings. */
export interface InstallHooks {
  onProgress(progress: InstallProgress): void;
  /** Stops everything at once and leaves no half-installed engine. */
  readonly signal: AbortSignal;
}

/** Share of the whole that each part takes, by rough experience on a fast line; it only has to move forward. */
const parts = { check: 0.02, download: 0.58, unpack: 0.2, compile: 0.1, test: 0.1 } as const;
export type InstallPart = keyof typeof parts;

const titles: Readonly<Record<InstallPart, string>> = {
  check: 'Checking this machine',
  download: 'Downloading TensorFlow',
  unpack: 'Unpacking the libraries',
  compile: 'Compiling the bridge to Node.js',
  test: 'Testing the engine',
};

/** Progress of the whole from the progress of one part (0..1). */
export function progressOf(part: InstallPart, fraction: number, detail = ''): InstallProgress {
  const order = Object.keys(parts) as InstallPart[];
  const before = order.slice(0, order.indexOf(part)).reduce((sum, name) => sum + parts[name], 0);
  return { title: titles[part], detail, fraction: before + parts[part] * Math.min(1, Math.max(0, fraction)) };
}
