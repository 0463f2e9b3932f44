/** The state of an installation, for a progress bar. */
export interface InstallProgress {
  /** A short label that stays for the whole phase: "Downloading TensorFlow". */
  readonly title: string;
  /** What changes: "120 of 230 MB". */
  readonly detail: string;
  /** 0..1 over the whole installation. */
  readonly fraction: number;
}

/** What an installation is given besides its settings. */
export interface InstallHooks {
  onProgress(progress: InstallProgress): void;
  /** Cancels immediately and leaves no half-installed engine. */
  readonly signal: AbortSignal;
}

/** One part of an installation. */
interface Part {
  readonly title: string;
  /** Share of the whole, by rough experience on a fast connection; it only has to increase. */
  readonly share: number;
}

/** Progress of the whole from the progress of one part (0..1), for an installation of these parts one after the other. */
export function progressIn<Name extends string>(
  parts: Readonly<Record<Name, Part>>,
): (part: Name, fraction: number, detail?: string) => InstallProgress {
  return (part, fraction, detail = '') => {
    const order = Object.keys(parts) as Name[];
    const before = order.slice(0, order.indexOf(part)).reduce((sum, name) => sum + parts[name].share, 0);
    const { title, share } = parts[part];
    return { title, detail, fraction: before + share * Math.min(1, Math.max(0, fraction)) };
  };
}
