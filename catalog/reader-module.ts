/**
 * Name under which a child process imports `reader.ts` (package.json `imports`). In a file of its own, because
 * a till that only names the module need not load the pinyin dictionary behind it.
 */
export const readerModule = '#catalog/reader';
