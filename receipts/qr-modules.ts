import { encode } from 'uqr';

/** A QR code's modules by rows, dark = true, without a margin. Level M, which printers are told too. */
export function qrModules(data: string): boolean[][] {
  return encode(data, { ecc: 'M', boostEcc: false, border: 0 }).data;
}

/** Dots of one QR module on a receipt: a signed code has many modules and stays inside narrow paper. */
export function qrModuleDots(data: string): number {
  return data.length > 100 ? 4 : 5;
}
