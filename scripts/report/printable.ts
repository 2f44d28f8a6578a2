/** What a gateway said, on one line and without what a terminal, a log or a reader would obey: controls and turns of direction. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is taken out
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ')
}

/** A name of ours as words: `not-shown` as `not shown`. */
export function inWords(name: string): string {
  return name.replaceAll('-', ' ')
}

/** Text between the tags, or in an attribute, of HTML and XML: lines stay lines, each printable, and markup is text. */
export function escaped(text: string): string {
  return text
    .split('\n')
    .map(printable)
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
