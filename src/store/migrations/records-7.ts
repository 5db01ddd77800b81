/** Not used yet. */
export const recordsSeven = '';
