/** Data as a literal of its JSON text: that is read faster than code that says the same, and only by whoever asks for it. */
export function asText(value: unknown): string {
  return `'${JSON.stringify(value).replaceAll(/[\\']/g, String.raw`\$&`)}'`
}
