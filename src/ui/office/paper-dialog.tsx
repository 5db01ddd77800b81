import { Dialog } from '../dialog.tsx';
import { PaperSheet, printByKey } from '../paper-sheet.tsx';
import { texts } from '../texts.ts';
import type { TillModel } from '../use-till.ts';

/** The summary of a day as it is printed and signed (日结单); an inspector looks at it only. */
export function DaySummaryDialog(props: {
  model: TillModel;
  day: string;
  readOnly: boolean;
  onClose: () => void;
}) {
  const { model, day, readOnly } = props;
  return (
    <Dialog title={texts.paperDay} testId="day-summary-dialog" onClose={props.onClose} onKey={printByKey}>
      <PaperSheet
        model={model}
        asked={{ path: '/api/papers', body: { kind: 'day-summary', day } }}
        readOnly={readOnly}
      />
    </Dialog>
  );
}
