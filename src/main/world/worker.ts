import { inspect } from 'node:util';
import { assert } from '#core/assert';
import { type Batch, playBatch } from './batch.ts';
import { openGround } from './ground.ts';

const ground = await openGround();

/** Plays the batches that the parent process sends, one at a time. */
process.on('message', (batch: Batch) => {
  playBatch(ground, batch, true).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      // With what caused it, which a stack alone leaves out.
      process.stderr.write(`${inspect(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => {
  ground.close();
  process.exit(0);
});
assert(process.send !== undefined, 'a worker of worlds is started by its parent');
