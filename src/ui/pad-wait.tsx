import type { Api } from './api.ts';
import { Words } from './words.tsx';

/** The holder types on the pad; the till only waits, and can end it. */
export function PadWait({ api, waiting }: { api: Api; waiting: boolean }) {
  return (
    <div class="pad-wait" role="status" data-testid="pad-wait" data-waiting={waiting}>
      {waiting ? <i class="spinner" aria-hidden="true" /> : <i class="pad-mark" aria-hidden="true" />}
      <b>
        <Words k={waiting ? 'padWaiting' : 'padAsk'} />
      </b>
      {waiting ? (
        <button type="button" class="key-button" data-testid="pad-cancel" onClick={() => cancelPad(api)}>
          <kbd>Esc</kbd> <Words k="padCancel" />
        </button>
      ) : null}
    </div>
  );
}

/** Beside the queue of verbs: the one that waits for the pad is still running. */
export function cancelPad(api: Api): void {
  void api.post('/api/pin-pad/cancel');
}
