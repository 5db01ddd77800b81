import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { FaultView, PaperAnswer, TillView } from '#server/api-types';
import type { Api } from './api.ts';
import { FaultNote } from './fault-note.tsx';
import { useScrollStop } from './use-scroll-stop.ts';
import type { TillModel } from './use-till.ts';
import { Words } from './words.tsx';

/** A paper as the API is asked for it: where, and with which words. */
export interface PaperAsked {
  readonly path: '/api/papers' | '/api/sale/papers';
  readonly body: Readonly<Record<string, string>>;
}

type State = { readonly fault: FaultView } | { readonly paper: PaperAnswer } | undefined;

/** The paper as it would be printed now. */
function usePaper(api: Api, asked: PaperAsked, revision: number | undefined): State {
  const [state, setState] = useState<State>();
  const address = `${asked.path}?${new URLSearchParams(asked.body)}`;
  // Another paper is never shown under the name of this one.
  useLayoutEffect(() => setState(undefined), [address]);
  // What the paper tells may have changed with the till.
  useEffect(() => {
    const abort = new AbortController();
    void api.get<PaperAnswer>(address, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setState(answer.ok ? { paper: answer.value } : { fault: answer.error });
    });
    return () => abort.abort();
  }, [api, address, revision]);
  return state;
}

/** Enter prints from anywhere in a dialog with a paper. */
export function printByKey(event: KeyboardEvent): void {
  if (event.key !== 'Enter' || event.isComposing) return;
  document.querySelector<HTMLElement>('[data-testid=paper-print]')?.click();
}

/** A paper that is shown, and what became of printing it. */
export function usePrinting(model: TillModel, asked: PaperAsked) {
  const { api, run } = model;
  const state = usePaper(api, asked, model.till?.revision);
  const [printed, setPrinted] = useState<'no' | 'busy' | 'yes'>('no');
  const [refused, setRefused] = useState<FaultView>();
  const print = async () => {
    // Not disabled meanwhile: the key keeps the focus.
    if (printed === 'busy' || state === undefined) return;
    setPrinted('busy');
    const failed = await run(() => api.post<TillView>(asked.path, asked.body));
    setRefused(failed);
    setPrinted(failed === undefined ? 'yes' : 'no');
  };
  const paper = state !== undefined && 'paper' in state ? state.paper : undefined;
  const fault = refused ?? (state !== undefined && 'fault' in state ? state.fault : undefined);
  return { paper, waiting: state === undefined, printed, fault, print };
}

/** A paper on the screen, equal in lines to what is printed, and the key that prints it. */
export function PaperSheet(props: { model: TillModel; asked: PaperAsked; readOnly?: boolean }) {
  const { paper, waiting, printed, fault, print } = usePrinting(props.model, props.asked);
  return (
    <div class="paper-sheet" data-testid="paper-sheet" data-printed={printed}>
      <PaperPicture paper={paper} waiting={waiting} />
      {fault === undefined ? null : <FaultNote fault={fault} />}
      {printed === 'yes' ? (
        <p class="note ok" role="status" data-testid="paper-printed">
          <Words k="paperPrinted" />
        </p>
      ) : null}
      {props.readOnly === true ? null : (
        <button type="button" class="primary" data-testid="paper-print" onClick={() => void print()}>
          {printed === 'busy' ? <i class="spinner" aria-hidden="true" /> : <kbd>↵</kbd>}{' '}
          <Words k={printed === 'busy' ? 'paperPrinting' : 'paperPrint'} />
        </button>
      )}
    </div>
  );
}

export function PaperPicture({ paper, waiting }: { paper: PaperAnswer | undefined; waiting: boolean }) {
  const box = useScrollStop<HTMLDivElement>();
  return (
    <div ref={box} class="paper-view" data-testid="paper-view">
      {paper === undefined ? (
        waiting ? (
          <p class="muted" role="status">
            <Words k="paperLoading" />
          </p>
        ) : null
      ) : (
        <img
          src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(paper.svg)}`}
          alt={paper.text}
          data-testid="paper-image"
        />
      )}
    </div>
  );
}
