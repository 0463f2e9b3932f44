/** The oldest browsers that pages are built for, shared or served: those of spring 2024, far older than the last two versions. docs/sharing.md names them. */
export const browserTargets = ['chrome123', 'edge123', 'firefox125', 'safari17.5'];
