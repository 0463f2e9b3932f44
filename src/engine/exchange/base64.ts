/** Bytes as text in base64, a portion at a time: a call takes only so many arguments. A portion is a multiple of three bytes. */
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
