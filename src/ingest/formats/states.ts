/**
 * Words of state columns that vendors share. Discharge is always tried first, since its words contain those of charge.
 *
 * Letters stand for a state only as a whole token: `C_CC` and `CV C` charge, `D_CC` discharges, `CC` alone tells
 * nothing.
 */
const token = (words: string) => `(?:^|[^\\p{L}])(?:${words})(?:$|[^\\p{L}])`;

export const stateWords = {
  charge: new RegExp(`charg|chg|lade|ladung|充电|充電|${token('c|ch|cha|lad')}`, 'iu'),
  discharge: new RegExp(`dis-?_?ch|dchg|dchrg|entlad|放电|放電|${token('d|dc|dch|dis|ela|entl')}`, 'iu'),
  rest: /rest|pause|ocv|ocp|wait|idle|open ?circuit|relax|standby|ruhe|静置|搁置|擱置|暂停|^(r|s|p|o|pau|sto|stop|end|off)$/iu,
};
