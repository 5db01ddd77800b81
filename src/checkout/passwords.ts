import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const KEY_BYTES = 32;
/** Of the same shape as a real one: an unknown number costs the same time as a wrong password. */
export const nobodysHash = `scrypt$AAAAAAAAAAAAAAAAAAAAAA$${'A'.repeat(43)}`;

/** `scrypt$salt$hash` of an operator's password or PIN, for `pin_hash` in the configuration and for the records. */
export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(pin, salt);
  return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

export async function pinFits(pin: string, hash: string): Promise<boolean> {
  const [, salt = '', expected = ''] = hash.split('$');
  const wanted = Buffer.from(expected, 'base64url');
  const key = await derive(pin, Buffer.from(salt, 'base64url'));
  return wanted.length === key.length && timingSafeEqual(wanted, key);
}

function derive(pin: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, KEY_BYTES, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

/** Whether a new password, or a quick PIN of digits, is one that a bystander would not try first. */
export function goodEnough(secret: string, kind: 'password' | 'quick', number: string): boolean {
  const shape = kind === 'quick' ? /^\d{4,8}$/ : /^[\x21-\x7e]{6,32}$/;
  if (!shape.test(secret) || secret === number) return false;
  const codes = [...secret].map((character) => character.charCodeAt(0));
  const steps = new Set(codes.slice(1).map((code, index) => code - (codes[index] ?? 0)));
  const [step] = steps;
  return !(steps.size === 1 && step !== undefined && Math.abs(step) <= 1);
}
