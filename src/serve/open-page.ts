/** Whether the user is likely to be at this machine. */
export function hasDisplay(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  // Over SSH the screen, if there is one, belongs to someone else.
  if (environment['SSH_CONNECTION'] !== undefined) return false;
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(environment['DISPLAY']) || Boolean(environment['WAYLAND_DISPLAY']);
}

/** Opens an address in the default browser. False if there is none; the user then opens the printed address. */
export async function openPage(address: string): Promise<boolean> {
  try {
    const { default: open } = await import('open');
    const child = await open(address);
    child.on('error', () => undefined);
    return true;
  } catch {
    return false;
  }
}
