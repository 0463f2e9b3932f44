/** The gates' functions, of four units at a time. tanh is written out: built-in ones differ between drivers and overflow on some. */
export const gateFunctions = `
fn sigmoid(x: vec4f) -> vec4f { return 1f / (1f + exp(-x)); }
fn squash(x: vec4f) -> vec4f { let e = exp(-2f * abs(x)); return sign(x) * (1f - e) / (1f + e); }`;
