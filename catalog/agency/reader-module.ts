/**
 * Name under which a child process imports `reader.ts` (package.json `imports`); in a file of its own, as a till
 * that only names the module need not load what stands behind it.
 */
export const agencyReaderModule = '#catalog/agency/reader';
