const mebibyte = 2 ** 20;

/**
 * Limits for untrusted files. The values are far above any book and far below what overloads a machine. Time and memory of the whole process are
 * limited separately by its parent (src/processes/documents).
 */
export const documentLimits = {
  /** Of a file that is read as a document. Does not apply to plain text. */
  fileBytes: 512 * mebibyte,
  archiveEntries: 20_000,
  archiveEntryBytes: 256 * mebibyte,
  /** Of everything read from an archive. */
  archiveTotalBytes: 512 * mebibyte,
  /** Unpacked to packed bytes, for entries larger than `archiveRatioFrom`: text is never packed so tightly. */
  archiveRatio: 200,
  archiveRatioFrom: 64 * mebibyte,
  /** Archives within an archive. */
  archiveDepth: 1,
  xmlDepth: 2000,
  htmlDepth: 5000,
  rtfDepth: 10_000,
  jsonDepth: 200,
  pdfPages: 5000,
  /** Pages with fewer characters than this, on average, are scans. */
  pdfCharactersPerPage: 10,
} as const;
