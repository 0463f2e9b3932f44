/** Ids of the script elements that hold the data of a page that writes; no browser runs them. */
export const recordId = 'charloom-page';
export const modelId = 'charloom-model';
export const recordType = 'application/json';
export const modelType = 'application/x-safetensors+base64';
