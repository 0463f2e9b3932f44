/** What a compute process writes to stderr before it ends for lack of memory, so that its parent knows why. */
export const memoryWords = 'charloom: out of memory';
