/** Names of the tensors that a run feeds and fetches. */
export const names = {
  train: {
    x: 'train/x',
    y: 'train/y',
    keep: 'train/keep',
    rate: 'train/rate',
    averageWeight: 'train/average-weight',
    scalar: (name: string) => `train/${name}`,
    mask: (site: number) => `train/mask-${site}`,
    weightMask: (layer: number) => `train/weight-mask-${layer}`,
    result: 'train/result',
  },
  evaluate: {
    x: 'evaluate/x',
    y: 'evaluate/y',
    keep: 'evaluate/keep',
    averaged: 'evaluate/averaged',
    result: 'evaluate/result',
    reset: 'evaluate/reset',
  },
  import: (tensor: string) => `import/${tensor}`,
  imported: 'import/done',
  export: (tensor: string) => `export/${tensor}`,
  gradient: (parameter: string) => `gradient/${parameter}`,
} as const;
