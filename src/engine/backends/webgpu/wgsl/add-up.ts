/** Invocations of a workgroup that adds up. */
export const addingThreads = 256;

/** Adds up `parts` over the invocations of a workgroup, in a fixed order; the total is parts[0]. */
export const addUp = `
workgroupBarrier();
for (var width = ${addingThreads / 2}u; width > 0u; width /= 2u) {
if (lane < width) { parts[lane] += parts[lane + width]; }
workgroupBarrier();
}`;
