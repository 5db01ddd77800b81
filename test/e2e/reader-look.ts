import { spawn } from 'node:child_process';

const ANSWERS_MS = 10_000;
const CUSTOMER_READER = 'Virtual PCD 00 00';
/** SCARD_STATE_EMPTY of SCardGetStatusChange. */
const EMPTY = 0x10;

/** In a process of its own: a card service that is stuck freezes whoever asks it. */
const question = `
  import { lookAtReaders } from '${new URL('../../dist/drivers/card-reader/winscard.js', import.meta.url).href}';
  const looks = lookAtReaders(['${CUSTOMER_READER}']);
  process.stdout.write(looks.ok ? String(looks.value[0].state & ${EMPTY}) : 'none');
`;

/**
 * Whether the card service, asked past the till, says that the customers' reader is empty. False when it says that
 * a card lies there, does not know the reader, or does not answer at all.
 */
export function serviceSeesNoCard(env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', question], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: ANSWERS_MS,
      killSignal: 'SIGKILL',
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    child.once('close', () => resolve(said === String(EMPTY)));
  });
}
