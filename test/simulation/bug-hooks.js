import { readFileSync } from 'node:fs';

const bugs = JSON.parse(readFileSync(new URL('kill-bugs.json', import.meta.url), 'utf8'));
let bug;

export function initialize(name) {
  bug = bugs.find((one) => one.name === name);
  if (bug === undefined) throw new Error(`there is no bug ${name}`);
}

export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!url.endsWith(bug.file)) return loaded;
  let source = Buffer.from(loaded.source).toString('utf8');
  for (const [right, wrong] of bug.changes) {
    // A bug that can no longer be put in must not count as one that was looked for.
    if (source.split(right).length !== 2) throw new Error(`${bug.name}: not once in the code: ${right}`);
    source = source.replace(right, () => wrong);
  }
  return { ...loaded, source };
}
