import type { TextKey } from '../zh-cn/index.ts';
import { catalog } from './catalog.ts';
import { chronic } from './chronic.ts';
import { counter } from './counter.ts';
import { customer } from './customer.ts';
import { devices } from './devices.ts';
import { lists } from './lists.ts';
import { papers } from './papers.ts';
import { pay } from './pay.ts';
import { person } from './person.ts';
import { refund } from './refund.ts';
import { sale } from './sale.ts';
import { training } from './training.ts';

/** English: whole, or it does not compile. */
export const en: Readonly<Record<TextKey, string>> = {
  ...counter,
  ...sale,
  ...person,
  ...chronic,
  ...papers,
  ...pay,
  ...lists,
  ...refund,
  ...devices,
  ...catalog,
  ...customer,
  ...training,
};
