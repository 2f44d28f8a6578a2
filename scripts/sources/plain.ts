/*
 * Words as they are read, whatever they are marked up with: a quote in the catalogue and a text on a page are the same where a reader
 * sees the same.
 */

/** A text of the documentation without Markdown, tags, links and line breaks; its quotation marks, dashes and dots as they are typed. */
export function plainProse(markdown: string): string {
  return oneLine(
    markdown
      .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/<\/?[A-Za-z][^<>]*>/g, '')
      .replaceAll(/^[\s>]*(?:[-+]\s|\d+\.\s|#+\s|>)/gm, ' ')
      .replaceAll(/\\(?=[\p{P}\p{S}])/gu, '')
      .replaceAll(/[*`]|(?<![\p{L}\p{N}])_(?=[\p{L}\p{N}])|(?<=[\p{L}\p{N}])_(?![\p{L}\p{N}])/gu, '')
      .replaceAll('|', ' ')
      .replaceAll(/[\u2018\u2019\u201b]/g, "'")
      .replaceAll(/[\u201c\u201d\u201f]/g, '"')
      .replaceAll(/[\u2010-\u2015]/g, '-')
      .replaceAll('\u2026', '...'),
  )
}

/** Code as it stands, but for its line breaks and indents. */
export function plainCode(code: string): string {
  return oneLine(code)
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
