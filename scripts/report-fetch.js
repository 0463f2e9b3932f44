// Loaded into the process that downloads Electron (fetch-electron.js): reports the downloaded bytes to its parent.

import process from 'node:process';

const original = globalThis.fetch;

/** @param {import('./fetch-electron.js').FetchProgress} progress */
function tell(progress) {
  if (process.connected) process.send?.(progress);
}

/**
 * The installer reports only that it failed.
 * @param {unknown} error
 * @returns {never}
 */
function tellCause(error) {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) {
    const code = 'code' in cause ? String(cause.code) : cause.name;
    process.stderr.write(`[cause]: ${cause.message === '' ? code : cause.message}\n`);
  }
  throw error;
}

/** @type {typeof fetch} */
globalThis.fetch = async (...words) => {
  const response = await original(...words).catch(tellCause);
  if (!response.ok || response.body === null) return response;
  const total = Number(response.headers.get('content-length')) || null;
  let got = 0;
  const counted = response.body.pipeThrough(
    new globalThis.TransformStream({
      transform: (chunk, controller) => {
        got += chunk.length;
        tell({ got, total, isWhole: false });
        controller.enqueue(chunk);
      },
      flush: () => tell({ got, total, isWhole: true }),
    }),
  );
  return new globalThis.Response(counted, response);
};

// The parent has ended.
process.on('disconnect', () => process.exit(137));
process.channel?.unref();
