import type { ShopOptions } from '../e2e/shop-program.ts';

/** A shop that is killed and started again dozens of times. */
export const killedShop: ShopOptions = {
  toml: `
[pin]
entry = "keyboard"
[limits]
account_per_day = "100000.00"
`,
  requestLifeMs: 500,
  standby: true,
};
