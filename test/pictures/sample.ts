import type { Scene } from './scene.ts';
import { scenes } from './scenes.ts';

/** One state in so many is looked at in `npm test`; `npm run pictures` looks at all. */
const ONE_IN = 10;
const asked = process.env['GUITAI_PICTURES_SEED'];
const seed = asked === undefined ? Date.now() % ONE_IN : Number(asked);
const isWhole =
  process.env['GUITAI_PICTURES'] === 'all' || process.env['GUITAI_RENEW_PICTURES'] !== undefined;

/** The states of this run: another part each time, so that none is forgotten for long. */
export const sample: readonly Scene[] = isWhole
  ? scenes
  : scenes.filter((_scene, index) => index % ONE_IN === seed % ONE_IN);

if (!isWhole) process.stdout.write(`pictures: GUITAI_PICTURES_SEED=${seed}, ${sample.length} states\n`);
