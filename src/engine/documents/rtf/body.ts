import iconv from 'iconv-lite';
import { documentLimits } from '../limits.ts';
import { beyondLimits } from '../reading.ts';
import type { RtfToken } from './tokens.ts';
import { charsets, escapes, knownOptionalGroups, skippedGroups, symbols } from './words.ts';

/** What a group inherits from the enclosing one. */
interface State {
  readonly isSkipped: boolean;
  readonly isFontTable: boolean;
  readonly isHidden: boolean;
  readonly font: number | null;
  /** Number of fallback characters after each Unicode character, for readers that cannot show it. */
  readonly replacements: number;
  /** The open note; null for the body. */
  readonly note: string[] | null;
}

const outermost: State = {
  isSkipped: false,
  isFontTable: false,
  isHidden: false,
  font: null,
  replacements: 1,
  note: null,
};

/** The text of an RTF document from its tokens. */
export class RtfBody {
  readonly found = { pictures: 0, hidden: 0 };
  readonly #name: string;
  readonly #out: string[] = [];
  readonly #notes: string[] = [];
  readonly #stack: State[] = [];
  readonly #fonts = new Map<number, string>();
  #state = outermost;
  #defaultFont = 0;
  #codePage = 'windows-1252';
  /** Font whose table entry is being read. */
  #entry = 0;
  /** Bytes in the code page of their font, not yet decoded: a character may span two. */
  #bytes: number[] = [];
  #skipCharacters = 0;
  #highSurrogate = '';
  #isOptional = false;
  /** Whether a row of a table has ended and it is not yet known whether another follows. */
  #isAfterRow = false;
  #hasBegun = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** Whether the outermost group is closed. */
  get hasEnded(): boolean {
    return this.#hasBegun && this.#stack.length === 0;
  }

  take(token: RtfToken): void {
    switch (token.kind) {
      case 'open':
        return this.#open();
      case 'close':
        return this.#close();
      case 'byte':
        return this.#byte(token.byte);
      case 'symbol':
        return this.#symbol(token.code);
      case 'word':
        return this.#word(token.word, token.parameter);
    }
  }

  finish() {
    this.#flush();
    return { text: this.#out.join(''), notes: this.#notes, found: this.found };
  }

  #open(): void {
    this.#flush();
    if (this.#stack.length > documentLimits.rtfDepth) {
      throw beyondLimits(this.#name, 'its parts are nested too deeply');
    }
    this.#hasBegun = true;
    this.#stack.push(this.#state);
    this.#skipCharacters = 0;
    this.#isOptional = false;
  }

  #close(): void {
    this.#flush();
    const outer = this.#stack.pop() ?? outermost;
    const { note } = this.#state;
    if (note !== null && note !== outer.note) {
      const text = note.join('').trim();
      if (text !== '') this.#notes.push(text);
    }
    this.#state = outer;
    this.#skipCharacters = 0;
    this.#isOptional = false;
  }

  #byte(byte: number): void {
    if (this.#skipCharacters > 0) this.#skipCharacters -= 1;
    else if (!this.#state.isSkipped && !this.#state.isHidden) this.#bytes.push(byte);
  }

  #symbol(code: number): void {
    if (code === 0x2a) {
      this.#isOptional = true;
      return;
    }
    if (this.#skipCharacters > 0) {
      this.#skipCharacters -= 1;
      return;
    }
    const text = escapes.get(code);
    if (text !== undefined) this.#put(text);
    else if (code === 0x5c || code === 0x7b || code === 0x7d) this.#byte(code);
  }

  #word(word: string, parameter: number | null): void {
    if (word === 'u') return this.#unicode(parameter ?? 0);
    if (this.#skipCharacters > 0) {
      this.#skipCharacters -= 1;
      return;
    }
    const isOptional = this.#isOptional;
    this.#isOptional = false;
    if (word === 'fonttbl') return this.#change({ isSkipped: true, isFontTable: true });
    if (this.#state.isFontTable) return this.#fontEntry(word, parameter);
    if (this.#format(word, parameter)) return;
    const text = symbols.get(word);
    if (skippedGroups.has(word) || (isOptional && text === undefined && !knownOptionalGroups.has(word))) {
      if (word === 'pict') this.found.pictures += 1;
      this.#change({ isSkipped: true });
    } else if (text !== undefined) this.#put(text);
    if (word === 'row') this.#isAfterRow = true;
  }

  /** Words that change how the following text is read; false for all others. */
  #format(word: string, parameter: number | null): boolean {
    switch (word) {
      case 'ansicpg':
        this.#codePage = parameter === 65_001 ? 'utf-8' : knownPage(`cp${parameter}`, this.#codePage);
        return true;
      case 'mac':
        this.#codePage = 'macintosh';
        return true;
      case 'pc':
        this.#codePage = 'cp437';
        return true;
      case 'pca':
        this.#codePage = 'cp850';
        return true;
      case 'deff':
        this.#defaultFont = parameter ?? 0;
        return true;
      case 'uc':
        this.#change({ replacements: Math.min(16, Math.max(0, parameter ?? 1)) });
        return true;
      case 'f':
        this.#change({ font: parameter });
        return true;
      case 'plain':
        this.#change({ font: null, isHidden: false });
        return true;
      case 'intbl':
      case 'trowd':
        this.#isAfterRow = false;
        return true;
      case 'v':
      case 'deleted':
        this.#change({ isHidden: parameter !== 0 });
        if (parameter !== 0) this.found.hidden += 1;
        return true;
      case 'footnote':
        this.#change({ note: [], isSkipped: false });
        return true;
      default:
        return false;
    }
  }

  #fontEntry(word: string, parameter: number | null): void {
    if (word === 'f') this.#entry = parameter ?? 0;
    const page =
      word === 'fcharset' ? charsets.get(parameter ?? 0) : word === 'cpg' ? `cp${parameter}` : undefined;
    if (page !== undefined && iconv.encodingExists(page)) this.#fonts.set(this.#entry, page);
  }

  /** A UTF-16 unit, negative above 32767; its fallback for readers without Unicode follows. */
  #unicode(value: number): void {
    const unit = value & 0xffff;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      this.#flush();
      this.#highSurrogate = String.fromCharCode(unit);
    } else {
      this.#put(this.#highSurrogate + String.fromCharCode(unit));
      this.#highSurrogate = '';
    }
    this.#skipCharacters = this.#state.replacements;
  }

  #change(change: Partial<State>): void {
    this.#flush();
    this.#state = { ...this.#state, ...change };
  }

  #put(text: string): void {
    this.#flush();
    this.#write(text);
  }

  #flush(): void {
    if (this.#bytes.length === 0) return;
    const bytes = Uint8Array.from(this.#bytes);
    this.#bytes = [];
    const page = this.#fonts.get(this.#state.font ?? this.#defaultFont) ?? this.#codePage;
    this.#write(iconv.decode(bytes, page));
  }

  #write(text: string): void {
    if (this.#state.isSkipped || this.#state.isHidden) return;
    const out = this.#state.note ?? this.#out;
    // The text after a table is a separate paragraph.
    if (this.#isAfterRow) out.push('\n');
    this.#isAfterRow = false;
    out.push(text);
  }
}

function knownPage(page: string, otherwise: string): string {
  return iconv.encodingExists(page) ? page : otherwise;
}
