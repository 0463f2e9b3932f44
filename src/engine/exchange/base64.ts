/** Bytes encoded per call: a call takes a limited number of arguments. A multiple of three. */
const portion = 3 * 8192;

/** The bytes in base64, without line breaks. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let begin = 0; begin < bytes.length; begin += portion) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(begin, begin + portion))));
  }
  return parts.join('');
}

/** The bytes of a base64 text; white space is skipped. Throws if it is not base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
