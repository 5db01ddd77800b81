import type { Fault, FaultCode } from '#core/fault';

/** Faults whose HTTP status is not told by their retry class. */
const STATUS: Partial<Record<FaultCode, number>> = {
  'request-invalid': 400,
  'request-not-json': 415,
  'request-too-large': 413,
  'route-unknown': 404,
  'record-unknown': 404,
  'sale-not-found': 404,
  'operator-unknown': 401,
  'operator-wait': 429,
  'right-missing': 403,
  'shift-of-another': 403,
  'setup-code-wrong': 401,
  'host-forbidden': 403,
  'origin-forbidden': 403,
  'session-missing': 401,
  'session-stale': 403,
  'token-wrong': 401,
  'attempts-too-many': 429,
  'server-internal': 500,
};

/**
 * 422: asked for something that will not be done however often it is asked. 409: the state of things stands
 * in the way now (transient), or the outcome is not known (ambiguous: ask for the state, do not repeat blindly).
 */
export function statusOf(fault: Fault): number {
  return STATUS[fault.code] ?? (fault.retry === 'permanent' ? 422 : 409);
}

/** The one shape of every error. */
export interface ErrorBody {
  readonly error: Fault;
}

export function errorBody(fault: Fault): ErrorBody {
  return { error: fault };
}
