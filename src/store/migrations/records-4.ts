/** Not used yet. */
export const recordsFour = '';
