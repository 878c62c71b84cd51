import { impedanceMessages as say } from '../../messages/impedance.js';
import type { Message } from '../../messages/message.js';
import type { Fit } from '../fit.js';
import type { StoredImpedanceFit } from './spectrum-fit.js';

const failures = ['IMAGINARY_SIGN_REVERSED', 'KK_JUMP', 'KK_FAIL'];

/** Why a spectrum cannot represent the cell; null where it can. */
export function reasonToDistrust(fit: Fit<StoredImpedanceFit> | undefined): Message | null {
  if (fit?.result == null) return fit?.refusal ?? say('NOT_FITTED');
  const { kramers_kronig } = fit.result;
  if (kramers_kronig?.verdict === 'fail') {
    return kramers_kronig.warnings.find(({ code }) => failures.includes(code)) ?? say('KK_TEST_FAILED');
  }
  if (fit.result.results.every(({ status }) => status === 'unusable')) {
    return say('NO_CIRCUIT');
  }
  return null;
}
