/** What a compute process that took too much memory writes to stderr before it ends, so that its parent knows why. */
export const memoryWords = 'charloom: out of memory';
