import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { createDecoding } from '../../../../src/engine/dataset/decoding/encodings.ts';
import { guessEncoding } from '../../../../src/engine/dataset/decoding/guess.ts';

const texts: Readonly<Record<string, string>> = {
  fr: 'Il était une fois, à l’époque des rois, une fée très âgée. Où est-elle? Ça va, mon ami. Être ou ne pas être.\n',
  fr15: "Mon cœur, ma sœur, un bœuf à 12 € près de l'œuvre d'Ÿ. Élève où ça.\n",
  de: 'Größe für Öl. Die Übung mit den schönen Mädchen, überall Äpfel und heiße Füße.\n',
  de2: 'Größe für Öl\n',
  ru: 'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.\n',
  ruk: 'Мороз и солнце день чудесный ещё ты дремлешь друг прелестный.\n',
  uk: 'Їхній дім стоїть біля річки, де живе її сім’я й ґава.\n',
  el: 'Μια φορά κι έναν καιρό ήταν ένας βασιλιάς που είχε τρεις κόρες.\n',
  tr: 'Bir varmış bir yokmuş, çok eski zamanlarda güzel bir kız yaşarmış. İstanbul ığdır şöyle.\n',
  he: 'בראשית ברא אלהים את השמים ואת הארץ והארץ היתה תהו ובהו\n',
  ar: 'كان يا ما كان في قديم الزمان ملك عظيم يحكم بلادا واسعة\n',
  th: 'สวัสดีชาวโลก แม่น้ำ กาลครั้งหนึ่งนานมาแล้ว\n',
  th2: 'สวัสดีชาวโลก แม่น้ำ\n',
  pl: 'Zażółć gęślą jaźń. Dawno, dawno temu żył sobie król, który miał trzy córki.\n',
  cs: 'Příliš žluťoučký kůň úpěl ďábelské ódy. Byl jednou jeden král, který měl dvě dcery.\n',
  hu: 'Árvíztűrő tükörfúrógép. Egyszer volt, hol nem volt, volt egyszer egy öreg király.\n',
  ja: '吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。\n',
  zh: '学而时习之，不亦说乎？有朋自远方来，不亦乐乎？人不知而不愠，不亦君子乎？\n',
  zt: '學而時習之，不亦說乎？有朋自遠方來，不亦樂乎？人不知而不慍，不亦君子乎？\n',
  ko: '옛날 옛적에 호랑이가 담배 피우던 시절에 한 나무꾼이 살았습니다.\n',
  es: 'En un lugar de la Mancha, de cuyo nombre no quiero acordarme, ¿vivía un niño? ¡Así fue el año pasado!\n',
  pt: 'Não há razão para a alteração da ação; você está à mesa com a irmã.\n',
  sv: 'Det var en gång en räv som gick över ån för att få några ägg. Åse är här.\n',
  da: 'Der var engang en dreng på øen, som læste bøger hver dag. Åh, så rødgrød med fløde.\n',
  it: 'Perché è così, la città è più bella; però non c’è libertà.\n',
  lt: 'Ąžuolas žaliuoja, šiandien gražus ruduo, ėjo ūkininkas per lauką.\n',
  is: 'Það var einu sinni maður sem átti þrjá syni og ég veit ekki hvað þeir hétu.\n',
  ro: 'A fost odată ca niciodată un împărat şi o împărăteasă în ţară.\n',
  fi: 'Olipa kerran pieni tyttö, joka äitinsä kanssa asui metsän reunassa.\n',
  curly: 'It was the ‘best’ of times — it was the “worst”.\n',
  one: 'Plain English here and there a café, nothing else at all to see in it.\n',
  caps: 'МОРОЗ И СОЛНЦЕ ДЕНЬ ЧУДЕСНЫЙ ЕЩЁ ТЫ ДРЕМЛЕШЬ ДРУГ.\n',
  bg: 'Имало едно време един цар, който имал три дъщери.\n',
  box: '╔══════╗ ║ text ║ ╚══════╝ ░▒▓\n',
  cat: 'Però l’any passat la col·lecció és així, què tens?\n',
};
const pairs: readonly (readonly [text: string, encodings: readonly string[]])[] = [
  ['fr', ['windows-1252', 'iso-8859-15', 'cp850', 'macintosh', 'cp437']],
  ['fr15', ['iso-8859-15', 'windows-1252']],
  ['de', ['windows-1252', 'cp850', 'macintosh', 'cp437']],
  ['de2', ['windows-1252', 'cp850', 'macintosh']],
  ['ru', ['windows-1251', 'koi8-r', 'cp866', 'iso-8859-5', 'maccyrillic']],
  ['ruk', ['windows-1251', 'koi8-r', 'cp866', 'iso-8859-5', 'maccyrillic']],
  ['uk', ['windows-1251', 'koi8-u']],
  ['el', ['windows-1253', 'iso-8859-7', 'cp737']],
  ['tr', ['windows-1254', 'iso-8859-9', 'cp857']],
  ['he', ['windows-1255', 'iso-8859-8', 'cp862']],
  ['ar', ['windows-1256', 'iso-8859-6']],
  ['th', ['cp874']],
  ['th2', ['cp874']],
  ['pl', ['windows-1250', 'iso-8859-2', 'cp852', 'maccenteuro']],
  ['cs', ['windows-1250', 'iso-8859-2', 'cp852']],
  ['hu', ['windows-1250', 'iso-8859-2', 'cp852']],
  ['ja', ['shift_jis', 'euc-jp']],
  ['zh', ['gb18030']],
  ['zt', ['big5']],
  ['ko', ['euc-kr']],
  ['es', ['windows-1252', 'cp850', 'macintosh']],
  ['pt', ['windows-1252', 'cp850', 'macintosh']],
  ['sv', ['windows-1252', 'cp850', 'macintosh']],
  ['da', ['windows-1252', 'cp850', 'macintosh']],
  ['it', ['windows-1252', 'cp850', 'macintosh']],
  ['lt', ['windows-1257']],
  ['is', ['windows-1252']],
  ['fi', ['windows-1252', 'cp850']],
  ['curly', ['windows-1252']],
  ['one', ['windows-1252', 'cp850', 'macintosh']],
  ['caps', ['windows-1251', 'koi8-r', 'cp866', 'iso-8859-5', 'maccyrillic']],
  ['bg', ['windows-1251', 'cp866', 'iso-8859-5']],
  ['box', ['cp437']],
  ['cat', ['windows-1252']],
  ['ro', ['windows-1250', 'iso-8859-2']],
];

function decoded(bytes: Uint8Array, encoding: string): string {
  const decoding = createDecoding(encoding);
  const text = (codes: Uint32Array): string =>
    Array.from(codes, (code) => String.fromCodePoint(code)).join('');
  return text(decoding.decode(bytes).codes) + text(decoding.finish().codes);
}

describe('the encoding of a text in some language', () => {
  test.each(pairs.flatMap(([key, encodings]) => encodings.map((encoding) => [key, encoding] as const)))(
    'is found, or one that reads it identically: %s in %s',
    (key, encoding) => {
      // Code pages of DOS and ISO have no curly apostrophe.
      const plain = /windows|mac/.test(encoding) ? texts[key] : texts[key]?.replaceAll('’', "'");
      const text = (plain ?? '').repeat(300);
      const bytes = new Uint8Array(iconv.encode(text, encoding).subarray(0, 65_536));
      const guess = guessEncoding(bytes);
      expect(decoded(bytes, guess.encoding)).toBe(decoded(bytes, encoding));
      expect(text.startsWith(decoded(bytes, encoding).slice(0, 30))).toBe(true);
    },
  );
});
