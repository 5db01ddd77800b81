/** Not used yet. */
export const recordsSix = '';
