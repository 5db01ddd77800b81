/**
 * An agency for the drain measure, in a process of its own: it accepts every 2102, with the sums of the sample sale,
 * when the time it was started with has passed since the whole request was there; its own work falls into that time.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [, , wait = '50'] = process.argv;
let settled = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const cameAtMs = performance.now();
    settled += 1;
    const body = Buffer.from(answer(Buffer.concat(chunks).toString('utf8')));
    const send = (): void => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    };
    setTimeout(send, cameAtMs + Number(wait) - performance.now());
  });
});

/** Half from the fund, half from the account, as the sample split has it. */
function answer(body: string): string {
  const { msgid, input } = JSON.parse(body) as {
    msgid: string;
    input: {
      drugdetail?: { feedetl_sn: string; det_item_fee_sumamt: string }[];
      druginfo?: { psn_no: string };
    };
  };
  const lines = input.drugdetail ?? [];
  return JSON.stringify({
    infcode: 0,
    inf_refmsgid: `R${msgid}`,
    output: {
      setlinfo: {
        mdtrt_id: `V${settled}`,
        setl_id: `S${settled}`,
        psn_no: input.druginfo?.psn_no,
        medfee_sumamt: '40.00',
        fulamt_ownpay_amt: '0',
        overlmt_selfpay: '0',
        preselfpay_amt: '0',
        inscp_scp_amt: '40.00',
        act_pay_dedc: '0',
        hifp_pay: '20.00',
        fund_pay_sumamt: '20.00',
        psn_part_amt: '20.00',
        acct_pay: '20.00',
        psn_cash_pay: '0',
        balc: '480.00',
        medins_setl_id: msgid,
        clr_optins: '990100',
        clr_type: '41',
      },
      setldetail: [
        { fund_pay_type: '310100', fund_payamt: '20.00', fund_pay_type_name: '职工基本医疗保险统筹基金' },
        { fund_pay_type: '310200', fund_payamt: '20.00', fund_pay_type_name: '个人账户' },
      ],
      detlcutinfo: lines.map((line) => ({
        feedetl_sn: line.feedetl_sn,
        det_item_fee_sumamt: line.det_item_fee_sumamt,
        inscp_scp_amt: line.det_item_fee_sumamt,
        chrgitm_lv: '01',
      })),
    },
  });
}

process.on('message', () => process.send?.({ settled }));
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
