import { looksLikeT7 } from '../t7/read-t7.ts';

/** The kind of a file, from its first bytes and, where these are not enough, its name. */
export type ModelFileKind =
  't7' | 'safetensors' | 'page' | 'zip' | 'hdf5' | 'pickle' | 'tensorflow-checkpoint' | 'onnx' | 'unknown';

/** The end of a LevelDB table: the index of a TensorFlow checkpoint is one. */
const tableMagic = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];

/** Only detects the kind; reading the file shows whether it is valid. */
export function modelFileKind(bytes: Uint8Array, name: string): ModelFileKind {
  if (looksLikeT7(bytes)) return 't7';
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) return 'zip';
  if (startsWith(bytes, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])) return 'hdf5';
  if (bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5) return 'pickle';
  if (isSafetensors(bytes)) return 'safetensors';
  const start = new TextDecoder().decode(bytes.subarray(0, 512)).trimStart().toLowerCase();
  if (/^(<!doctype html|<html|<!--)/.test(start)) return 'page';
  if (start.startsWith('model_checkpoint_path:')) return 'tensorflow-checkpoint';
  const end = bytes.subarray(Math.max(0, bytes.length - 8));
  return startsWith(end, tableMagic) ? 'tensorflow-checkpoint' : byName(name);
}

function byName(name: string): ModelFileKind {
  if (/\.(meta|index|ckpt|data-\d+-of-\d+)$/i.test(name)) return 'tensorflow-checkpoint';
  if (/\.(pt|pth|bin|pkl|pickle)$/i.test(name)) return 'pickle';
  if (/\.(hdf5|h5|keras)$/i.test(name)) return 'hdf5';
  return /\.onnx$/i.test(name) ? 'onnx' : 'unknown';
}

/** The length of a header, then its brace. */
function isSafetensors(bytes: Uint8Array): boolean {
  return bytes[8] === 0x7b && startsWith(bytes.subarray(5), [0, 0, 0]);
}

function startsWith(bytes: Uint8Array, wanted: readonly number[]): boolean {
  return wanted.length <= bytes.length && wanted.every((byte, index) => bytes[index] === byte);
}
