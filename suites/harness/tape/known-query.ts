/** Query parameters of the API; any other one may be a credential. */
const ofTheApi = ['beta', 'limit', 'before_id', 'after_id', 'lifecycle']

/** What of a query may be written down: `?beta=true`; nothing where there is none of it. */
export function knownQuery(parameters: URLSearchParams): string {
  const known = ofTheApi.flatMap((name) =>
    parameters.getAll(name).map((value) => `${name}=${encodeURIComponent(value)}`),
  )
  return known.length === 0 ? '' : `?${known.join('&')}`
}
