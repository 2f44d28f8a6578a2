/** 12,345. By hand, since Intl takes ten milliseconds to come up. */
export function thousands(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 request`, `2,000 requests`, `no request` never: 0 is `0 requests`. */
export function counted(count: number, noun: string): string {
  return `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`
}
