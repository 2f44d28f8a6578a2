/** The mode of a file that only its owner reads. */
export const ownerOnly = 0o600
