/** Places on a page as XPath expressions, which every browser's protocol understands: by the words that a person reads. */

/** A button with that name. */
export function button(name: string): string {
  // A part that only screen readers are given is joined by a no-break space.
  return `//button[normalize-space(translate(., '\u00a0', ' '))=${literal(name)} or @aria-label=${literal(name)}]`;
}

/** A link with that name. */
export function link(name: string): string {
  return `//a[normalize-space(.)=${literal(name)}]`;
}

/** The field with that label. */
export function field(label: string): string {
  const says = `.//text()[normalize-space(.)=${literal(label)}]`;
  const labelled = `@id=//label[${says}]/@for or ancestor::label[${says}] or @aria-label=${literal(label)}`;
  return `//*[self::input or self::textarea or self::select][${labelled}]`;
}

/** An element that itself contains those words, not only by its children. */
export function words(text: string): string {
  return `//body//*[not(self::script or self::style)][text()[contains(normalize-space(.), ${literal(text)})]]`;
}

/** The heading of a page. */
export function title(text: string): string {
  return `//h1[normalize-space(.)=${literal(text)}]`;
}

function literal(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  if (!text.includes('"')) return `"${text}"`;
  throw new Error(`XPath has no literal for ${text}`);
}
