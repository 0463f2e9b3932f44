const inWord = /[\p{L}\p{M}\p{N}\p{Pc}]['\u2019]?$/u;
/** Scripts without spaces between words: any of their characters may start one. */
const withoutSpaces =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u;

/** Whether a text ends inside a word or right after its last letter; an apostrophe after a letter belongs to the word. */
export function endsInWord(text: string): boolean {
  return inWord.test(text) && !withoutSpaces.test(text);
}
