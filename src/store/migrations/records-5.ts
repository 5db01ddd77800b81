/** Not used yet. */
export const recordsFive = '';
