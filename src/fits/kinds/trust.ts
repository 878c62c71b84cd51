import type { Fit } from '../fit.js';
import type { StoredImpedanceFit } from './impedance.js';

const failures = ['IMAGINARY_SIGN_REVERSED', 'KK_JUMP', 'KK_FAIL'];

/** Why a spectrum cannot stand for the cell; null: it can. */
export function reasonToDistrust(fit: Fit<StoredImpedanceFit> | undefined): string | null {
  if (fit?.result == null) return fit?.refusal?.message ?? 'not fitted';
  const { kramers_kronig } = fit.result;
  if (kramers_kronig?.verdict === 'fail') {
    const why = kramers_kronig.warnings.find(({ code }) => failures.includes(code));
    return why?.message ?? 'it fails the Kramers–Kronig test';
  }
  if (fit.result.results.every(({ status }) => status === 'unusable')) {
    return 'no circuit describes it';
  }
  return null;
}
