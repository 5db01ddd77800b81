import { useState } from 'preact/hooks';
import type { SaleSummary, TillView } from '#server/api-types';
import { Dialog } from '../dialog.tsx';
import type { TextKey } from '../texts.ts';
import type { TillModel } from '../use-till.ts';
import { Words } from '../words.tsx';
import { AskForm, Field } from './form.tsx';
import { SecondDialog } from './second-dialog.tsx';

type Kind = NonNullable<SaleSummary['decisions']>[number];

const WORDS: Readonly<Record<Kind, TextKey>> = {
  'upload-again': 'decideUploadAgain',
  'collected-cash': 'decideCollectedCash',
  'collected-mobile': 'decideCollectedMobile',
  'written-off': 'decideWrittenOff',
  settled: 'decideSettled',
  'not-settled': 'decideNotSettled',
  'not-deducted': 'decideNotDeducted',
};

interface Props {
  readonly model: TillModel;
  readonly sale: Pick<SaleSummary, 'saleId' | 'saleNumber' | 'total' | 'decisions'>;
  readonly onClose: () => void;
}

/** What has become of a sale that the terminal cannot find out: chosen by digit, then confirmed by a second person. */
export function DecisionDialog({ model, sale, onClose }: Props) {
  const { api, run } = model;
  const [kind, setKind] = useState<Kind>();
  const [numbers, setNumbers] = useState<{ settlementId: string; visitId: string }>();
  if (kind === undefined) return <Choice sale={sale} choose={setKind} onClose={onClose} />;
  if (kind === 'settled' && numbers === undefined)
    return <NumbersDialog sale={sale} take={setNumbers} onClose={onClose} />;
  return (
    <SecondDialog
      title="decideTitle"
      submitLabel={WORDS[kind]}
      note="decideNote"
      sale={sale}
      onClose={onClose}
      decide={async (fields) => {
        const body = { decision: { kind, ...numbers }, ...fields };
        const failed = await run(() => api.post<TillView>(`/api/sales/${sale.saleId}/decide`, body));
        if (failed === undefined) onClose();
        return failed;
      }}
    />
  );
}

function Choice({
  sale,
  choose,
  onClose,
}: {
  sale: Props['sale'];
  choose: (kind: Kind) => void;
  onClose: () => void;
}) {
  const kinds = sale.decisions ?? [];
  const key = (event: KeyboardEvent) => {
    const kind = kinds[Number(event.key) - 1];
    if (kind === undefined) return;
    event.preventDefault();
    choose(kind);
  };
  return (
    <Dialog title="decideTitle" testId="decision-dialog" onClose={onClose}>
      <p class="sale-line">
        {sale.saleNumber} <b class="amount">{sale.total}</b>
      </p>
      <p class="muted">
        <Words k="decideNote" />
      </p>
      <div class="menu" role="menu" onKeyDown={key}>
        {kinds.map((kind, index) => (
          <button
            key={kind}
            type="button"
            role="menuitem"
            class="menu-item"
            data-testid={`decide-${kind}`}
            {...(index === 0 ? { 'data-first': true } : {})}
            onClick={() => choose(kind)}
          >
            <kbd>{index + 1}</kbd> <Words k={WORDS[kind]} />
          </button>
        ))}
      </div>
    </Dialog>
  );
}

/** A settlement that only the agency knows is found again by its numbers. */
function NumbersDialog(props: {
  sale: Props['sale'];
  take: (numbers: { settlementId: string; visitId: string }) => void;
  onClose: () => void;
}) {
  const [settlementId, setSettlementId] = useState('');
  const [visitId, setVisitId] = useState('');
  return (
    <Dialog title="decideSettled" testId="numbers-dialog" onClose={props.onClose}>
      <AskForm
        label="goOn"
        testId="numbers-submit"
        ask={async () => {
          props.take({ settlementId: settlementId.trim(), visitId: visitId.trim() });
          return undefined;
        }}
      >
        <Field
          label="settlementNumber"
          testId="settlement-number"
          value={settlementId}
          set={setSettlementId}
          maxLength={30}
          first
        />
        <Field label="visitNumber" testId="visit-number" value={visitId} set={setVisitId} maxLength={30} />
      </AskForm>
    </Dialog>
  );
}
