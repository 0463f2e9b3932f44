/**
 * Every address that Charloom ever opens, by the key that a page may send. An address never comes from a page; the guide, which is not listed here,
 * is a file that is included with Charloom.
 */
export const links = {
  'char-rnn': 'https://github.com/karpathy/char-rnn',
  licence: 'https://opensource.org/license/mit',
} as const;
