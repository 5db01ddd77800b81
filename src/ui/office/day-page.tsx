import { useState } from 'preact/hooks';
import type { DayPictureAnswer } from '#server/api-types';
import { FaultNote } from '../fault-note.tsx';
import { permille } from '../format.ts';
import { told } from '../language.ts';
import { Words } from '../words.tsx';
import { Bars } from './bars.tsx';
import { DayField, Waiting } from './day-field.tsx';
import type { PageProps } from './page-props.ts';
import { DaySummaryDialog } from './paper-dialog.tsx';
import type { OfficeKey } from './texts.ts';
import { useLoaded } from './use-loaded.ts';
import { short, W } from './words.tsx';

const PAYERS = {
  fund: 'fund',
  account: 'account',
  family: 'family',
  institution: 'institution',
  cash: 'cash',
  mobile: 'mobile',
} as const satisfies Record<DayPictureAnswer['payers'][number]['payer'], OfficeKey>;

/** A day at this till: sales by hour, time per sale, who paid, refusals; each picture with its numbers. */
export function DayPage({ model, mayChange }: PageProps) {
  const today = model.till?.shift.businessDay;
  const [picked, pick] = useState<string>();
  const day = picked ?? today;
  if (day === undefined) return <Waiting />;
  return <Day model={model} mayChange={mayChange} day={day} pick={pick} />;
}

function Day({ model, mayChange, day, pick }: PageProps & { day: string; pick: (day: string) => void }) {
  // A sale that is over changes the picture.
  const { value, fault } = useLoaded<DayPictureAnswer>(
    model.api,
    `/api/office/day?day=${day}`,
    model.till?.sale.state === 'done' ? model.till.sale.saleId : '',
  );
  const [printing, setPrinting] = useState(false);
  return (
    <>
      <div class="day-head">
        <DayField day={day} pick={pick} />
        <button type="button" class="key-button" data-testid="print-day" onClick={() => setPrinting(true)}>
          <Words k="paperDay" />
        </button>
      </div>
      {printing ? (
        <DaySummaryDialog model={model} day={day} readOnly={!mayChange} onClose={() => setPrinting(false)} />
      ) : null}
      {fault === undefined ? null : <FaultNote fault={fault} />}
      {value === undefined ? <Waiting /> : <Picture picture={value} />}
    </>
  );
}

function Picture({ picture }: { picture: DayPictureAnswer }) {
  const facts: readonly (readonly [OfficeKey, string | number])[] = [
    ['daySales', picture.sales],
    ['dayTotal', picture.total],
    ['insuredSales', picture.ends.insured],
    ['offlineSales', picture.ends.offline],
    ['ownPaySales', picture.ends.ownPay],
    ['cancelledSales', picture.cancelled],
    ['unclearSales', picture.unclear],
  ];
  return (
    <>
      <dl class="facts" data-testid="day-facts">
        {facts.map(([k, value]) => (
          <div key={k}>
            <dt>
              <W k={k} />
            </dt>
            <dd data-testid={`fact-${k}`}>{value}</dd>
          </div>
        ))}
      </dl>
      {picture.sales === 0 && picture.refusals.length === 0 ? (
        <p class="list-empty" data-testid="day-empty">
          <W k="noSales" />
        </p>
      ) : (
        <div class="charts">
          <Hours picture={picture} />
          <Times times={picture.times} />
          <Payers picture={picture} />
          <Refusals refusals={picture.refusals} />
        </div>
      )}
    </>
  );
}

function Hours({ picture: { hours } }: { picture: DayPictureAnswer }) {
  const [first, last] = [hours[0]?.hour ?? 0, hours.at(-1)?.hour ?? -1];
  const all = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const sales = (hour: number) => hours.find((one) => one.hour === hour)?.sales ?? 0;
  return (
    <section class="chart">
      <h3>
        <W k="byHour" />
      </h3>
      <Bars names={all.map(String)} values={all.map(sales)} color="--accent" />
      <table class="numbers" data-testid="hours">
        <thead>
          <tr>
            <Th k="hour" /> <Th k="daySales" amount /> <Th k="dayTotal" amount /> <Th k="refused" amount />
          </tr>
        </thead>
        <tbody>
          {hours.map((one) => (
            <tr key={one.hour}>
              <th scope="row">{hourText(one.hour)}</th>
              <td class="amount">{one.sales}</td>
              <td class="amount">{one.total}</td>
              <td class="amount">{one.refused}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Times({ times }: { times: DayPictureAnswer['times'] }) {
  const { bands, median, slowest, machineMedian } = times;
  const longest = bands.findLast(({ upTo }) => upTo !== undefined)?.upTo ?? 0;
  const name = (upTo: number | undefined) => (upTo === undefined ? `> ${longest}` : `≤ ${upTo}`);
  const seconds = short('secondsShort');
  return (
    <section class="chart">
      <h3>
        <W k="timePerSale" />
      </h3>
      <Bars
        names={bands.map(({ upTo }) => name(upTo))}
        values={bands.map(({ sales }) => sales)}
        color="--fund"
      />
      <table class="numbers" data-testid="times">
        <tbody>
          <tr>
            <Th k="median" row /> <td class="amount">{`${median} ${seconds}`}</td>
            <Th k="slowest" row /> <td class="amount">{`${slowest} ${seconds}`}</td>
          </tr>
          <tr>
            <Th k="machine" row /> <td class="amount">{`${machineMedian} ${seconds}`}</td>
            <Th k="daySales" row /> <td class="amount">{times.measured}</td>
          </tr>
        </tbody>
      </table>
      <table class="numbers">
        <thead>
          <tr>
            {bands.map(({ upTo }) => (
              <th key={upTo ?? 0} scope="col" class="amount">
                {name(upTo)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            {bands.map(({ upTo, sales }) => (
              <td key={upTo ?? 0} class="amount">
                {sales}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
      <p class="muted small">
        <W k="timeNote" />
      </p>
    </section>
  );
}

function Payers({ picture: { payers, total } }: { picture: DayPictureAnswer }) {
  return (
    <section class="chart">
      <h3>
        <W k="byPayer" />
      </h3>
      <Bars
        names={payers.map(({ payer }) => short(PAYERS[payer]))}
        values={payers.map(({ amount }) => Number(amount))}
        color="--account"
      />
      <table class="numbers" data-testid="payers">
        <thead>
          <tr>
            <Th k="payer" /> <Th k="dayTotal" amount /> <Th k="share" amount /> <Th k="daySales" amount />
          </tr>
        </thead>
        <tbody>
          {payers.map(({ payer, amount, sales }) => (
            <tr key={payer}>
              <Th k={PAYERS[payer]} row />
              <td class="amount">{amount}</td>
              <td class="amount">{(permille(amount, total) / 10).toFixed(1)} %</td>
              <td class="amount">{sales}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Refusals({ refusals }: { refusals: DayPictureAnswer['refusals'] }) {
  return (
    <section class="chart">
      <h3>
        <W k="refusals" />
      </h3>
      {refusals.length === 0 ? (
        <p class="muted">
          <W k="noRefusals" />
        </p>
      ) : (
        <>
          <Bars
            names={refusals.map((_, index) => String(index + 1))}
            values={refusals.map(({ count }) => count)}
            color="--cash"
          />
          <table class="numbers" data-testid="refusals">
            <thead>
              <tr>
                <th scope="col">#</th> <Th k="reasonOf" /> <Th k="times" amount />
              </tr>
            </thead>
            <tbody>
              {refusals.map(({ code, zh, en, count }, index) => (
                <tr key={code}>
                  <td>{index + 1}</td>
                  <th scope="row">
                    <Words text={told(zh, en)} /> <code>{code}</code>
                  </th>
                  <td class="amount">{count}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

function Th({ k, amount, row }: { k: OfficeKey; amount?: boolean; row?: boolean }) {
  return (
    <th scope={row === true ? 'row' : 'col'} class={amount === true ? 'amount' : undefined}>
      <W k={k} />
    </th>
  );
}

function hourText(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
