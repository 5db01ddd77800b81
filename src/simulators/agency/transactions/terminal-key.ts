import { terminalKeyText } from '#core/domain/terminal-key';
import { sm2KeyId, verifySm2 } from '#core/sm2';
import { need } from '../basket-check.ts';
import { type AgencyContext, done, type Outcome, refused } from '../context.ts';
import type { CheckedRequest } from '../request.ts';

const SERVICE = 'terminalKeyBO_1001';
const ACTIONS = { '1': 'enrol', '2': 'rotate', '3': 'revoke' } as const;

interface KeyChange {
  readonly action: 'enrol' | 'rotate' | 'revoke';
  readonly institution: string;
  readonly keyId: string;
  readonly publicKey: string;
  readonly oldKeyId: string;
  readonly signature: string;
  readonly code: string;
}

/** G001: enrols a terminal key by one-time code, replaces or revokes one in the name of a key that is known. */
export function changeTerminalKey(request: CheckedRequest, context: AgencyContext): Outcome {
  const data = request.nodes['data'] ?? {};
  const change: KeyChange = {
    action: ACTIONS[need(data, 'key_oper') as keyof typeof ACTIONS],
    institution: need(request.envelope, 'fixmedins_code'),
    keyId: need(data, 'key_id'),
    publicKey: need(data, 'pub_key'),
    oldKeyId: data['old_key_id'] ?? '',
    signature: data['old_key_sign'] ?? '',
    code: data['enrl_code'] ?? '',
  };
  if (sm2KeyId(change.publicKey) !== change.keyId)
    return refused('密钥编号与公钥不符', SERVICE, 'data.key_id');
  return context.ledger.atomically(() => {
    const refusal = change.action === 'enrol' ? enrol(change, context) : changeKnown(change, context);
    return refusal ?? done({ result: { key_id: change.keyId } });
  });
}

/** A repeated enrolment of the same key succeeds: the first answer may have been lost. */
function enrol(change: KeyChange, { keys }: AgencyContext): Outcome | undefined {
  const known = keys.find(change.institution, change.keyId);
  if (known !== undefined && known.state !== 'enrolled') return refused('该终端密钥已停用', SERVICE);
  const taken = keys.takeCode(change.code, change.keyId);
  if (taken === 'unknown') return refused('终端注册码不正确', SERVICE);
  if (taken === 'used') return refused('终端注册码已使用', SERVICE);
  if (known === undefined) keys.enrol(change.institution, change.keyId, change.publicKey);
  return undefined;
}

function changeKnown(change: KeyChange, { keys }: AgencyContext): Outcome | undefined {
  const { action, institution, keyId, oldKeyId } = change;
  const signer = keys.find(institution, oldKeyId);
  if (signer === undefined) return refused('原终端密钥未注册', SERVICE);
  const text = new TextEncoder().encode(terminalKeyText(change));
  if (!verifySm2(text, change.signature, signer.publicKey)) return refused('原终端密钥签名不符', SERVICE);
  const known = keys.find(institution, keyId);
  // Asked for again after a lost answer: it is so already.
  const isRepeated = action === 'rotate' && known?.state === 'enrolled' && signer.state === 'retired';
  if (isRepeated || (action === 'revoke' && known?.state === 'revoked')) return undefined;
  if (signer.state !== 'enrolled') return refused('原终端密钥已停用', SERVICE);
  if (action === 'revoke') {
    return keys.end(keyId, 'revoked', { institution }) ? undefined : refused('终端密钥未注册', SERVICE);
  }
  if (known !== undefined) return refused('该终端密钥已注册', SERVICE);
  keys.enrol(institution, keyId, change.publicKey);
  keys.end(oldKeyId, 'retired', { institution });
  return undefined;
}
