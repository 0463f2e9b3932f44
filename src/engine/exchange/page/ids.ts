/** Where a page that writes keeps its data: script elements that no browser runs. */
export const recordId = 'charloom-page';
export const modelId = 'charloom-model';
export const recordType = 'application/json';
export const modelType = 'application/x-safetensors+base64';
