/**
 * What the old key signs when a terminal key is replaced or revoked: both sides make it from the fields, so
 * nothing of a request can be changed on its way. `action|keyId|publicKey|oldKeyId`, absent = empty.
 */
export function terminalKeyText(request: {
  readonly action: 'enrol' | 'rotate' | 'revoke';
  readonly keyId: string;
  readonly publicKey: string;
  readonly oldKeyId?: string;
}): string {
  return [request.action, request.keyId, request.publicKey, request.oldKeyId ?? ''].join('|');
}
