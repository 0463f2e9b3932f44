/** Code pages by the character set of a font (the RTF 1.9.1 specification, "Font Table"); 0 and 1 are the document's own. */
export const charsets: ReadonlyMap<number, string> = new Map([
  [77, 'macintosh'],
  [128, 'shift_jis'],
  [129, 'cp949'],
  [130, 'cp949'],
  [134, 'gbk'],
  [136, 'big5'],
  [161, 'windows-1253'],
  [162, 'windows-1254'],
  [163, 'windows-1258'],
  [177, 'windows-1255'],
  [178, 'windows-1256'],
  [186, 'windows-1257'],
  [204, 'windows-1251'],
  [222, 'windows-874'],
  [238, 'windows-1250'],
  [255, 'cp437'],
]);

/** Groups whose content is not text of the body. */
export const skippedGroups: ReadonlySet<string> = new Set(
  (
    'fonttbl colortbl stylesheet info pict object objdata themedata colorschememapping datastore latentstyles listtable listoverridetable ' +
    'rsidtbl generator xmlnstbl mmathPr header headerl headerr headerf footer footerl footerr footerf ftnsep ftnsepc ftncn aftnsep aftnsepc ' +
    'aftncn fldinst bkmkstart bkmkend atnid atnauthor annotation atrfstart atrfend atnref revtbl filetbl nonshppict shpinst do pntext pntxta ' +
    'pntxtb listtext userprops template operator wgrffmtfilter tc xe txe rxe bxe nextfile private falt panose fontemb fontfile background ' +
    'docvar keycode'
  ).split(' '),
);

/** Groups marked to be ignored by readers that do not know them, but that are known here. */
export const knownOptionalGroups: ReadonlySet<string> = new Set(['shppict', 'footnote']);

/** Ends a cell while the text is collected, as in Word's own files. */
export const cellEnd = '\u0007';

/** The text that control words represent. */
export const symbols: ReadonlyMap<string, string> = new Map([
  ['par', '\n\n'],
  ['sect', '\n\n'],
  ['page', '\n\n'],
  ['line', '\n'],
  ['lbr', '\n'],
  ['tab', '\t'],
  ['cell', cellEnd],
  ['nestcell', cellEnd],
  ['row', '\n'],
  ['nestrow', '\n'],
  ['emdash', '—'],
  ['endash', '–'],
  ['lquote', '‘'],
  ['rquote', '’'],
  ['ldblquote', '“'],
  ['rdblquote', '”'],
  ['bullet', '•'],
  ['emspace', '\u2003'],
  ['enspace', '\u2002'],
  ['qmspace', '\u2005'],
  ['zwj', '\u200d'],
  ['zwnj', '\u200c'],
  ['ltrmark', '\u200e'],
  ['rtlmark', '\u200f'],
]);

/** The text that a backslash and one character represent. */
export const escapes: ReadonlyMap<number, string> = new Map([
  [0x7e, '\u00a0'],
  [0x2d, '\u00ad'],
  [0x5f, '\u2011'],
  [0x0d, '\n\n'],
  [0x0a, '\n\n'],
]);
